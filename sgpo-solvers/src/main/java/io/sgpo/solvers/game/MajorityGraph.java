package io.sgpo.solvers.game;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * The strict-majority relation of a preference matrix: an edge from y to y' where p(y ≻ y') {@code
 * >} ½. Pairs may be missing. Immutable and thread-safe.
 *
 * <p>A cycle among few votes need not mean that the judge is intransitive: a transitive judge who
 * errs makes some, too.
 */
public final class MajorityGraph {
  private static final double ROUNDING = 2.1e-6;

  private final int size;
  private final BitSet[] compared;
  private final BitSet[] beats;
  private final BitSet[] beatenBy;
  private final List<List<Integer>> components;

  private MajorityGraph(int size) {
    this.size = size;
    this.compared = blank(size);
    this.beats = blank(size);
    this.beatenBy = blank(size);
    this.components = new ArrayList<>();
  }

  private static BitSet[] blank(int size) {
    BitSet[] rows = new BitSet[size];
    for (int y = 0; y < size; y++) {
      rows[y] = new BitSet(size);
    }
    return rows;
  }

  /**
   * The graph of a matrix in which pairs may be missing.
   *
   * @param p square; entries in [0, 1] with p + pᵀ = 1 up to rounding to six decimals, or NaN on
   *     both sides where a pair was never compared; the diagonal is not read
   * @throws IllegalArgumentException if it is not such; the message names the entry
   */
  public static MajorityGraph of(double[][] p) {
    MajorityGraph graph = new MajorityGraph(p.length);
    for (int y = 0; y < p.length; y++) {
      if (p[y].length != p.length) {
        throw new IllegalArgumentException(
            "p must be square: row "
                + y
                + " must have "
                + p.length
                + " entries, but had "
                + p[y].length);
      }
    }
    for (int y = 0; y < p.length; y++) {
      for (int other = 0; other < y; other++) {
        graph.add(y, other, p[y][other], p[other][y]);
      }
    }
    graph.findComponents();
    return graph;
  }

  /** The graph of a game. */
  public static MajorityGraph of(PreferenceGame game) {
    return of(game.toArray());
  }

  private void add(int y, int other, double there, double back) {
    if (Double.isNaN(there) && Double.isNaN(back)) {
      return;
    }
    boolean inRange = there >= 0 && there <= 1 && back >= 0 && back <= 1;
    if (!inRange || Math.abs(there + back - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          "p[%d][%d] and p[%d][%d] must be in [0, 1] and sum to 1, or both be NaN, but were %s and %s"
              .formatted(y, other, other, y, there, back));
    }
    compared[y].set(other);
    compared[other].set(y);
    if (there > back) {
      addWin(y, other);
    } else if (back > there) {
      addWin(other, y);
    }
  }

  private void addWin(int winner, int loser) {
    beats[winner].set(loser);
    beatenBy[loser].set(winner);
  }

  private void findComponents() {
    components.addAll(new StronglyConnected(beats).components());
  }

  /** The number of actions. */
  public int size() {
    return size;
  }

  /** Whether the two were compared. */
  public boolean compared(int y, int other) {
    return compared[y].get(other);
  }

  /** Whether y is preferred to {@code other} by a strict majority. */
  public boolean beats(int y, int other) {
    return beats[y].get(other);
  }

  /** How many pairs were compared. */
  public int comparedPairs() {
    int entries = 0;
    for (BitSet row : compared) {
      entries += row.cardinality();
    }
    return entries / 2;
  }

  /** Whether every pair was compared. */
  public boolean complete() {
    return comparedPairs() == (long) size * (size - 1) / 2;
  }

  /** How many triples were compared pair by pair. */
  public long triangles() {
    return sharedNeighbours(compared, compared) / 6;
  }

  /** How many triples are strict cycles y ≻ y' ≻ y'' ≻ y. */
  public long cyclicTriangles() {
    return sharedNeighbours(beats, beatenBy) / 3;
  }

  /** Σ over y → y' in {@code edges} of |edges(y') ∩ closing(y)|. */
  private static long sharedNeighbours(BitSet[] edges, BitSet[] closing) {
    long count = 0;
    for (int y = 0; y < edges.length; y++) {
      for (int to = edges[y].nextSetBit(0); to >= 0; to = edges[y].nextSetBit(to + 1)) {
        BitSet shared = (BitSet) edges[to].clone();
        shared.and(closing[y]);
        count += shared.cardinality();
      }
    }
    return count;
  }

  /** Whether the graph has a cycle, of any length. */
  public boolean hasCycle() {
    return largestCyclicComponent() > 0;
  }

  /** The size of the largest strongly connected component that holds a cycle; 0 if none does. */
  public int largestCyclicComponent() {
    int largest = components.stream().mapToInt(List::size).max().orElse(0);
    return largest > 1 ? largest : 0;
  }

  /**
   * The strongly connected components, each ascending, those that are beaten before those that beat
   * them.
   */
  public List<List<Integer>> components() {
    return List.copyOf(components);
  }

  /**
   * The action that beats every other one. In an incomplete matrix it must have been compared with
   * all of them; that there is none so far does not mean that there will be none.
   */
  public OptionalInt condorcetWinner() {
    for (int y = 0; y < size; y++) {
      if (beats[y].cardinality() == size - 1) {
        return OptionalInt.of(y);
      }
    }
    return OptionalInt.empty();
  }

  /** The actions that were compared with every other one and lost to none, ascending. */
  public List<Integer> weakCondorcetWinners() {
    List<Integer> winners = new ArrayList<>();
    for (int y = 0; y < size; y++) {
      if (compared[y].cardinality() == size - 1 && beatenBy[y].isEmpty()) {
        winners.add(y);
      }
    }
    return List.copyOf(winners);
  }
}
