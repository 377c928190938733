package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.Refusals;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IteratedRefinementTest {

  /** The paper's figures on the Condorcet cycle: 1/3, 2/3, 1 against Nash's 1/3, 5/9, 19/27. */
  @Test
  void theFiguresOfTheCondorcetCycle() {
    PreferenceGame cycle = Games.cycle();
    StackelbergSolution stackelberg = StackelbergEquilibrium.solve(cycle, new KlStrengths(0.1, 0));
    NashSolution nash = Nash.solve(cycle);
    for (int favourite = 0; favourite < 3; favourite++) {
      assertArrayEquals(
          new double[] {1 / 3.0, 2 / 3.0, 1},
          IteratedRefinement.chances(stackelberg, favourite, 3),
          1e-15);
      assertArrayEquals(
          new double[] {1 / 3.0, 5 / 9.0, 19 / 27.0},
          IteratedRefinement.chances(nash, favourite, 3),
          1e-12);
    }
  }

  /** A deterministic leader walks the same cycle; averaged over the users' favourites. */
  @Test
  void withoutPenaltiesTheFiguresHoldOnAverage() {
    StackelbergSolution walk = StackelbergEquilibrium.solve(Games.cycle(), KlStrengths.NONE);
    assertArrayEquals(
        new double[] {1 / 3.0, 2 / 3.0, 1, 1},
        IteratedRefinement.expectedChances(walk, Distribution.uniform(3), 4),
        1e-15);
    assertArrayEquals(new double[] {0, 1, 1}, IteratedRefinement.chances(walk, 2, 3));
  }

  /** One vote on each of two pairs makes RLHF sure of one answer, and it repeats it. */
  @Test
  void rlhfRepeatsItself() {
    PairwiseVotes votes = PairwiseVotes.of(new double[][] {{0, 1, 0}, {0, 0, 1}, {0, 0, 0}});
    RlhfSolution rlhf = new Rlhf().solve(Games.cycle(), 0, votes);
    assertArrayEquals(
        new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0},
        IteratedRefinement.expectedChances(rlhf, Distribution.uniform(3), 3),
        1e-15);
    assertArrayEquals(new double[] {0, 0}, IteratedRefinement.chances(rlhf, 2, 2));
    assertArrayEquals(new double[] {1, 1}, IteratedRefinement.chances(rlhf, 0, 2));
  }

  @Test
  void theChanceIsThatOfSimulatedRefinement() {
    PreferenceGame game = Games.randomReferences(8, 5, false);
    StackelbergSolution best = StackelbergEquilibrium.solve(game, KlStrengths.both(0.2));
    double[] chances = IteratedRefinement.chances(best, 2, 4);
    SplittableRandom random = new SplittableRandom(12);
    int runs = 20_000;
    int[] met = new int[4];
    for (int run = 0; run < runs; run++) {
      int y = best.leader().sample(random);
      boolean found = y == 2;
      for (int i = 0; i < 4; i++) {
        met[i] += found ? 1 : 0;
        y = best.follower().row(y).sample(random);
        found |= y == 2;
      }
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(chances[i], met[i] / (double) runs, 0.015); // over 4 standard errors
      assertTrue(i == 0 || chances[i] >= chances[i - 1]);
    }
  }

  @Test
  void aFollowerWhoDrawsAfreshIsNoFollower() {
    Distribution policy = Distribution.of(0.2, 0.3, 0.5);
    assertArrayEquals(
        IteratedRefinement.chances(policy, 1, 6),
        IteratedRefinement.chances(policy, ConditionalPolicy.constant(policy), 1, 6),
        1e-15);
  }

  @Test
  void badArgumentsAreNamed() {
    Distribution policy = Distribution.uniform(3);
    assertEquals(
        "favourite must be in [0, 3), but was 3",
        assertThrows(IllegalArgumentException.class, () -> IteratedRefinement.chances(policy, 3, 1))
            .getMessage());
    ConditionalPolicy follower = ConditionalPolicy.constant(policy);
    assertEquals(
        "favourite must be in [0, 3), but was -1",
        Refusals.message(() -> IteratedRefinement.chances(policy, follower, -1, 1)));
    assertEquals(
        "samples must be >= 1, but was 0",
        Refusals.message(() -> IteratedRefinement.chances(policy, follower, 0, 0)));
    assertEquals(
        "samples must be >= 1, but was -1",
        Refusals.message(
            () -> IteratedRefinement.expectedChances(Nash.solve(Games.cycle()), policy, -1)));
    assertEquals(
        "samples must be >= 1, but was 0",
        assertThrows(IllegalArgumentException.class, () -> IteratedRefinement.chances(policy, 0, 0))
            .getMessage());
    assertEquals(
        "follower must have as many actions as the leader, 3, but had 2",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    IteratedRefinement.chances(
                        policy, ConditionalPolicy.constant(Distribution.uniform(2)), 0, 1))
            .getMessage());
  }
}
