package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RlhfTest {

  private static PreferenceGame bradleyTerry(double... rewards) {
    double[][] p = new double[rewards.length][rewards.length];
    for (int y = 0; y < rewards.length; y++) {
      for (int other = 0; other < rewards.length; other++) {
        p[y][other] = 1 / (1 + Math.exp(rewards[other] - rewards[y]));
      }
    }
    return PreferenceGame.of(p);
  }

  /** Two actions, 3 wins to 1: R_0 − R_1 = log 3. */
  @Test
  void twoActionsByHand() {
    BradleyTerryFit fit =
        new BradleyTerry(0, 50, 1e-14).fit(PairwiseVotes.of(new double[][] {{0, 3}, {1, 0}}));
    assertEquals(SolveStatus.CONVERGED, fit.status());
    assertArrayEquals(new double[] {Math.log(3) / 2, -Math.log(3) / 2}, fit.rewards(), 1e-13);
    assertEquals(3 * Math.log(0.75) + Math.log(0.25), fit.logLikelihood(), 1e-13);
  }

  @Test
  void rewardsThatMadeThePreferencesAreFoundAgain() {
    double[] rewards = {-4, -1, 0, 0.5, 4.5};
    BradleyTerryFit fit =
        new BradleyTerry(0, 50, 1e-14).fit(PairwiseVotes.expected(bradleyTerry(rewards)));
    assertArrayEquals(rewards, fit.rewards(), 1e-9);
    assertTrue(fit.certificate() <= 1e-14);
  }

  /** At a fit, every action is expected to win as often as it did. */
  @Test
  void randomFitsSatisfyTheLikelihoodEquations() {
    for (int seed = 0; seed < 30; seed++) {
      PairwiseVotes votes = PairwiseVotes.expected(Games.random(seed, 2 + seed % 9, false));
      BradleyTerryFit fit = new BradleyTerry(0, 100, 1e-12).fit(votes);
      assertEquals(SolveStatus.CONVERGED, fit.status());
      double[] rewards = fit.rewards();
      for (int y = 0; y < rewards.length; y++) {
        double won = 0;
        double expected = 0;
        for (int other = 0; other < rewards.length; other++) {
          if (other != y) {
            won += votes.wins(y, other);
            expected += 1 / (1 + Math.exp(rewards[other] - rewards[y]));
          }
        }
        assertEquals(won, expected, 1e-9);
      }
    }
  }

  @Test
  void anActionThatAlwaysWinsHasNoFiniteRewardUnlessPenalised() {
    PairwiseVotes votes = PairwiseVotes.of(new double[][] {{0, 5, 5}, {0, 0, 2}, {0, 1, 0}});
    assertEquals(SolveStatus.UNBOUNDED, new BradleyTerry(0, 50, 1e-10).fit(votes).status());
    BradleyTerryFit fit = new BradleyTerry().fit(votes);
    assertEquals(SolveStatus.CONVERGED, fit.status());
    assertTrue(fit.rewards()[0] > fit.rewards()[1] + 3);
  }

  @Test
  void unboundedFitsAreThoseOfVotesThatDoNotConnect() {
    assertTrue(
        PairwiseVotes.of(new double[][] {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}).isStronglyConnected());
    assertEquals(
        false,
        PairwiseVotes.of(new double[][] {{0, 1, 0}, {1, 0, 0}, {0, 0, 0}}).isStronglyConnected());
    assertEquals(false, PairwiseVotes.of(new double[][] {{0, 1}, {0, 0}}).isStronglyConnected());
  }

  @Test
  void thePolicyIsTheSoftmaxOfTheRewards() {
    double[] rewards = {1, 0, -1};
    RlhfSolution rlhf =
        new Rlhf(new BradleyTerry(0, 50, 1e-14)).solve(bradleyTerry(rewards), 2, Feedback.full());
    double sum = Math.exp(0.5) + 1 + Math.exp(-0.5);
    assertArrayEquals(
        new double[] {Math.exp(0.5) / sum, 1 / sum, Math.exp(-0.5) / sum},
        rlhf.leader().toArray(),
        1e-12);
    assertEquals(2 * Math.log(sum / 3), rlhf.value(), 1e-12);
    assertEquals(3, rlhf.preferenceQueries());
    assertEquals(rlhf.leader(), rlhf.follower().row(1));
    assertEquals(
        Distribution.pure(3, 0),
        new Rlhf().solve(bradleyTerry(rewards), 0, Feedback.full()).leader());
  }

  /** On a cycle no reward fits, and the answer is an accident of the sampled pairs. */
  @Test
  void onACycleTheAnswerDependsOnTheSampledPairs() {
    PreferenceGame game = Games.cycle();
    RlhfSolution all = new Rlhf().solve(game, 0.1, Feedback.full());
    assertArrayEquals(Distribution.uniform(3).toArray(), all.leader().toArray(), 1e-12);
    boolean[] top = new boolean[3];
    for (long seed = 0; seed < 20; seed++) {
      RlhfSolution some = new Rlhf().solve(game, 0.1, Feedback.sampled(10, seed));
      assertEquals(SolveStatus.CONVERGED, some.status());
      assertTrue(some.preferenceQueries() <= 10);
      top[some.leader().mode()] = true;
    }
    assertTrue(top[0] && top[1] && top[2]);
  }

  @Test
  void noisyFeedbackStaysNearTheFullFit() {
    PreferenceGame game = bradleyTerry(1, 0, -1);
    double[] full = new Rlhf().solve(game, 1, Feedback.full()).leader().toArray();
    double[] noisy = new Rlhf().solve(game, 1, Feedback.noisy(0.02, 1)).leader().toArray();
    assertArrayEquals(full, noisy, 0.05);
    assertNotEquals(full[0], noisy[0]);
  }

  @Test
  void badVotesAreNamed() {
    assertEquals(
        "wins[0][1] must be finite and >= 0, and 0 on the diagonal, but was -1.0",
        assertThrows(
                IllegalArgumentException.class,
                () -> PairwiseVotes.of(new double[][] {{0, -1}, {0, 0}}))
            .getMessage());
    assertEquals(
        "wins must be square: row 1 must have 2 entries, but had 1",
        assertThrows(
                IllegalArgumentException.class,
                () -> PairwiseVotes.of(new double[][] {{0, 1}, {0}}))
            .getMessage());
    assertEquals(
        "votes must be on as many actions as the game has, 3, but were on 1",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Rlhf().solve(Games.cycle(), 1, PairwiseVotes.of(new double[][] {{0}})))
            .getMessage());
    assertEquals(
        "ridge must be finite and >= 0, but was -1.0",
        assertThrows(IllegalArgumentException.class, () -> new BradleyTerry(-1, 1, 1))
            .getMessage());
  }
}
