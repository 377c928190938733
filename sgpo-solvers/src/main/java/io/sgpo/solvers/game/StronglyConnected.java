package io.sgpo.solvers.game;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Strongly connected components (Tarjan 1972), with a stack of its own in place of recursion. */
final class StronglyConnected {
  private final BitSet[] edges;
  private final int[] order; // 0 where not yet visited
  private final int[] lowest;
  private final int[] next;
  private final BitSet open;
  private final Deque<Integer> path = new ArrayDeque<>();
  private final Deque<Integer> pending = new ArrayDeque<>();
  private final List<List<Integer>> components = new ArrayList<>();
  private int visited;

  StronglyConnected(BitSet[] edges) {
    this.edges = edges;
    this.order = new int[edges.length];
    this.lowest = new int[edges.length];
    this.next = new int[edges.length];
    this.open = new BitSet(edges.length);
  }

  /** The components, each ascending, in reverse topological order. */
  List<List<Integer>> components() {
    for (int root = 0; root < edges.length; root++) {
      if (order[root] == 0) {
        explore(root);
      }
    }
    return components;
  }

  private void explore(int root) {
    enter(root);
    while (!path.isEmpty()) {
      int node = path.element();
      int to = edges[node].nextSetBit(next[node]);
      if (to < 0) {
        leave(node);
      } else {
        next[node] = to + 1;
        if (order[to] == 0) {
          enter(to);
        } else if (open.get(to)) {
          lowest[node] = Math.min(lowest[node], order[to]);
        }
      }
    }
  }

  private void enter(int node) {
    order[node] = ++visited;
    lowest[node] = order[node];
    path.push(node);
    pending.push(node);
    open.set(node);
  }

  private void leave(int node) {
    path.pop();
    if (!path.isEmpty()) {
      int parent = path.element();
      lowest[parent] = Math.min(lowest[parent], lowest[node]);
    }
    if (lowest[node] == order[node]) {
      components.add(collect(node));
    }
  }

  private List<Integer> collect(int root) {
    List<Integer> members = new ArrayList<>();
    int member;
    do {
      member = pending.pop();
      open.clear(member);
      members.add(member);
    } while (member != root);
    Collections.sort(members);
    return List.copyOf(members);
  }
}
