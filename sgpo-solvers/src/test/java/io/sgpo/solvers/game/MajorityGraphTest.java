package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.Refusals;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class MajorityGraphTest {
  private static final double NEVER = Double.NaN;

  @Example
  void rockPaperScissorsIsOneCycle() {
    MajorityGraph graph = MajorityGraph.of(Games.cycle());
    assertEquals(1, graph.triangles());
    assertEquals(1, graph.cyclicTriangles());
    assertTrue(graph.hasCycle());
    assertEquals(3, graph.largestCyclicComponent());
    assertEquals(OptionalInt.empty(), graph.condorcetWinner());
    assertEquals(List.of(), graph.weakCondorcetWinners());
  }

  /** Action 3 beats a cycle: the cycle stays, and so does the winner. */
  @Example
  void aWinnerOverACycle() {
    MajorityGraph graph = MajorityGraph.of(Games.condorcetOverCycle());
    assertEquals(4, graph.triangles());
    assertEquals(1, graph.cyclicTriangles());
    assertEquals(3, graph.largestCyclicComponent());
    assertEquals(OptionalInt.of(3), graph.condorcetWinner());
    assertEquals(List.of(List.of(0, 1, 2), List.of(3)), graph.components());
  }

  /** 0 → 1 → 2 → 3 → 0 with both diagonals never compared: a cycle without a triangle. */
  @Example
  void aLongCycleHasNoTriangle() {
    double[][] p = {
      {0.5, 1, NEVER, 0.2}, {0, 0.5, 0.9, NEVER}, {NEVER, 0.1, 0.5, 0.6}, {0.8, NEVER, 0.4, 0.5}
    };
    MajorityGraph graph = MajorityGraph.of(p);
    assertFalse(graph.complete());
    assertEquals(4, graph.comparedPairs());
    assertEquals(0, graph.triangles());
    assertEquals(0, graph.cyclicTriangles());
    assertTrue(graph.hasCycle());
    assertEquals(4, graph.largestCyclicComponent());
    assertEquals(4, graph.size());
    assertFalse(graph.compared(0, 2));
    assertTrue(graph.compared(0, 1));
    assertTrue(graph.compared(1, 0));
    assertTrue(graph.beats(3, 0));
    assertFalse(graph.beats(0, 3));
    assertFalse(graph.beats(0, 2), "never compared");
  }

  /** A tie is compared and beats nobody; 0 ties with 1, both beat 2. */
  @Example
  void tiesMakeWeakWinners() {
    MajorityGraph graph =
        MajorityGraph.of(new double[][] {{0.5, 0.5, 1}, {0.5, 0.5, 0.7}, {0, 0.3, 0.5}});
    assertTrue(graph.complete());
    assertTrue(graph.compared(0, 1));
    assertFalse(graph.beats(0, 1) || graph.beats(1, 0), "a tie");
    assertEquals(1, graph.triangles());
    assertFalse(graph.hasCycle());
    assertEquals(OptionalInt.empty(), graph.condorcetWinner());
    assertEquals(List.of(0, 1), graph.weakCondorcetWinners());
  }

  /** Against the definitions: triples one by one, and reachability by matrix powers. */
  @Property(tries = 300)
  void agreesWithTheDefinitions(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int n,
      @ForAll @DoubleRange(min = 0, max = 1) double missing) {
    double[][] p = random(seed, n, missing);
    MajorityGraph graph = MajorityGraph.of(p);
    int triangles = 0;
    int cycles = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        for (int k = 0; k < j; k++) {
          triangles += p[i][j] >= 0 && p[j][k] >= 0 && p[k][i] >= 0 ? 1 : 0;
          boolean one = p[i][j] > 0.5 && p[j][k] > 0.5 && p[k][i] > 0.5;
          boolean other = p[i][j] < 0.5 && p[j][k] < 0.5 && p[k][i] < 0.5;
          cycles += one || other ? 1 : 0;
        }
      }
    }
    assertEquals(triangles, graph.triangles());
    assertEquals(cycles, graph.cyclicTriangles());
    assertEquals(largestMutual(reachable(p)), graph.largestCyclicComponent());
    assertEquals(graph.largestCyclicComponent() > 0, graph.hasCycle());
    assertEquals(n, graph.components().stream().mapToInt(List::size).sum());
    for (int y = 0; y < n; y++) {
      int self = y;
      boolean wins = true;
      for (int other = 0; other < n; other++) {
        wins &= other == y || p[y][other] > 0.5;
      }
      assertEquals(wins, graph.condorcetWinner().stream().anyMatch(w -> w == self));
    }
  }

  private static double[][] random(long seed, int n, double missing) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] p = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        p[i][j] = random.nextDouble() < missing ? NEVER : random.nextInt(5) / 4.0;
        p[j][i] = 1 - p[i][j];
      }
    }
    return p;
  }

  private static boolean[][] reachable(double[][] p) {
    int n = p.length;
    boolean[][] reaches = new boolean[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        reaches[i][j] = i != j && p[i][j] > 0.5;
      }
    }
    for (int via = 0; via < n; via++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          reaches[i][j] |= reaches[i][via] && reaches[via][j];
        }
      }
    }
    return reaches;
  }

  private static int largestMutual(boolean[][] reaches) {
    int largest = 0;
    for (int i = 0; i < reaches.length; i++) {
      int members = 0;
      for (int j = 0; j < reaches.length; j++) {
        members += reaches[i][j] && reaches[j][i] ? 1 : 0; // i itself only where on a cycle
      }
      largest = Math.max(largest, members);
    }
    return largest;
  }

  /** Deep enough to overflow a recursive search. */
  @Example
  void aLongChainIsSearchedWithoutRecursion() {
    int n = 3000;
    double[][] p = new double[n][n];
    for (double[] row : p) {
      Arrays.fill(row, NEVER);
    }
    for (int y = 0; y < n; y++) {
      p[y][(y + 1) % n] = 1;
      p[(y + 1) % n][y] = 0;
    }
    assertEquals(n, MajorityGraph.of(p).largestCyclicComponent());
  }

  @Example
  void badMatricesAreRefusedByPlace() {
    assertEquals(
        "p must be square: row 1 must have 2 entries, but had 1",
        Refusals.message(() -> MajorityGraph.of(new double[][] {{0.5, 1}, {0}})));
    assertEquals(
        "p[1][0] and p[0][1] must be in [0, 1] and sum to 1, or both be NaN, but were 0.25 and 0.5",
        Refusals.message(() -> MajorityGraph.of(new double[][] {{0.5, 0.5}, {0.25, 0.5}})));
    assertEquals(
        "p[1][0] and p[0][1] must be in [0, 1] and sum to 1, or both be NaN, but were NaN and 1.0",
        Refusals.message(() -> MajorityGraph.of(new double[][] {{0.5, 1}, {NEVER, 0.5}})));
  }
}
