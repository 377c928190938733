package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.Refusals;
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
    assertEquals(false, PairwiseVotes.of(new double[][] {{0, 0}, {1, 0}}).isStronglyConnected());
    assertEquals(false, PairwiseVotes.of(new double[0][0]).isStronglyConnected());
    assertTrue(PairwiseVotes.of(new double[1][1]).isStronglyConnected());
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

  /** A full Newton step raises the loss on these lopsided votes, so it must be halved. */
  @Test
  void aNewtonStepThatOvershootsIsHalved() {
    double[][] wins = {
      {0, 1e4, 0.01, 0, 100},
      {0, 0, 0, 0, 1000},
      {0, 0, 0, 0.1, 100},
      {1, 0.001, 0, 0, 0},
      {1, 0, 0, 0, 0}
    };
    double ridge = 1e-6;
    BradleyTerryFit fit = new BradleyTerry(ridge, 100, 1e-12).fit(PairwiseVotes.of(wins));
    assertEquals(SolveStatus.CONVERGED, fit.status(), () -> "" + fit.certificate());
    double[] rewards = fit.rewards();
    double votes = 0;
    double largest = 0;
    for (int y = 0; y < 5; y++) {
      double slope = ridge * rewards[y];
      for (int other = 0; other < 5; other++) {
        double p = 1 / (1 + Math.exp(rewards[other] - rewards[y]));
        slope += wins[other][y] * p - wins[y][other] * (1 - p);
        votes += wins[y][other];
      }
      largest = Math.max(largest, Math.abs(slope));
    }
    assertEquals(largest / votes, fit.certificate(), 1e-15);
    assertTrue(largest / votes <= 1e-12);
  }

  /** Two actions, 3 wins to 1, ridge ½: (R/2)·½ = 3 σ(−R) − σ(R) for the difference R. */
  @Test
  void theRidgeByHand() {
    BradleyTerryFit fit =
        new BradleyTerry(0.5, 50, 1e-15).fit(PairwiseVotes.of(new double[][] {{0, 3}, {1, 0}}));
    double difference = fit.rewards()[0] - fit.rewards()[1];
    double p = 1 / (1 + Math.exp(-difference));
    assertEquals(0.5 * difference / 2, 3 * (1 - p) - p, 1e-14);
    assertEquals(0, fit.rewards()[0] + fit.rewards()[1], 1e-15);
    assertEquals(3 * Math.log(p) + Math.log(1 - p), fit.logLikelihood(), 1e-14);
  }

  @Test
  void evenVotesAreFittedAtOnce() {
    PairwiseVotes even = PairwiseVotes.of(new double[][] {{0, 2}, {2, 0}});
    BradleyTerryFit fit = new BradleyTerry(0, 1, 0).fit(even);
    assertEquals(SolveStatus.CONVERGED, fit.status());
    assertEquals(0, fit.iterations());
    assertEquals(0, fit.certificate());
    assertArrayEquals(new double[2], fit.rewards());
  }

  @Test
  void theIterationLimitIsReported() {
    PairwiseVotes votes = PairwiseVotes.of(new double[][] {{0, 3}, {1, 0}});
    BradleyTerryFit one = new BradleyTerry(0, 1, 1e-14).fit(votes);
    assertEquals(SolveStatus.ITERATION_LIMIT, one.status());
    assertEquals(1, one.iterations());
    // Newton's first step from 0: (3 − 1)/2 over 4·¼, for the difference of the rewards
    assertEquals(1, one.rewards()[0] - one.rewards()[1], 1e-15);
    double p = 1 / (1 + Math.exp(-1));
    assertEquals((3 * (1 - p) - p) / 4, one.certificate(), 1e-15);
    int enough = new BradleyTerry(0, 50, 1e-10).fit(votes).iterations();
    assertEquals(SolveStatus.CONVERGED, new BradleyTerry(0, enough, 1e-10).fit(votes).status());
  }

  /** Noise of any size leaves votes within [0, 1]: here one action wins the pair entirely. */
  @Test
  void noisyVotesAreClipped() {
    PreferenceGame even = PreferenceGame.of(new double[][] {{0.5, 0.5}, {0.5, 0.5}});
    RlhfSolution noisy = new Rlhf().solve(even, 1, Feedback.noisy(1e9, 5));
    double[] sure =
        new BradleyTerry().fit(PairwiseVotes.of(new double[][] {{0, 1}, {0, 0}})).rewards();
    assertEquals(sure[0], Math.abs(noisy.fit().rewards()[0]), 1e-9);
    assertEquals(1, noisy.preferenceQueries());
    assertEquals(noisy.fit().iterations(), noisy.iterations());
    assertEquals(noisy.iterations() + 1, noisy.gradientEvaluations());
    assertEquals(noisy.fit().certificate(), noisy.certificate());
  }

  @Test
  void noMorePairsAreDrawnThanAsked() {
    for (long seed = 0; seed < 40; seed++) {
      Distribution uniform = Distribution.uniform(3);
      assertTrue(PairwiseVotes.sampled(Games.cycle(), uniform, 1, seed).total() <= 1);
    }
  }

  @Test
  void expectedVotesCompareEveryPairOnce() {
    PairwiseVotes votes = PairwiseVotes.expected(Games.condorcetOverCycle());
    assertEquals(6, votes.total(), 1e-15);
    assertEquals(0, votes.wins(1, 1));
    assertEquals(0.6, votes.wins(3, 1));
  }

  /** Of n drawn pairs those of two actions are kept, and won as often as the game says. */
  @Test
  void sampledVotesFollowTheGame() {
    PreferenceGame game = PreferenceGame.of(new double[][] {{0.5, 0.8}, {0.2, 0.5}});
    PairwiseVotes votes = PairwiseVotes.sampled(game, Distribution.of(0.75, 0.25), 20_000, 6);
    assertEquals(2 * 0.75 * 0.25, votes.total() / 20_000, 0.017); // 5 standard errors
    assertEquals(0.8, votes.wins(0, 1) / votes.total(), 0.024);
    assertEquals(votes.total(), votes.wins(0, 1) + votes.wins(1, 0));
    assertEquals(0, votes.wins(0, 0) + votes.wins(1, 1));
    assertEquals(
        "pairs must be >= 1, but was 0",
        Refusals.message(() -> PairwiseVotes.sampled(game, Distribution.uniform(2), 0, 1)));
  }

  @Test
  void queriesAreTheVotesCounted() {
    PairwiseVotes votes = PairwiseVotes.of(new double[][] {{0, 2, 1}, {1, 0, 0.5}, {1, 0.5, 0}});
    assertEquals(6, votes.total());
    assertEquals(6, new Rlhf().solve(Games.cycle(), 1, votes).preferenceQueries());
  }

  @Test
  void badVotesAreNamed() {
    assertEquals(
        "wins[1][1] must be finite and >= 0, and 0 on the diagonal, but was 1.0",
        Refusals.message(() -> PairwiseVotes.of(new double[][] {{0, 1}, {0, 1}})));
    assertEquals(
        "wins[1][0] must be finite and >= 0, and 0 on the diagonal, but was Infinity",
        Refusals.message(
            () -> PairwiseVotes.of(new double[][] {{0, 1}, {Double.POSITIVE_INFINITY, 0}})));
    assertEquals(
        "iterations must be >= 1, but was 0", Refusals.message(() -> new BradleyTerry(0, 0, 1)));
    assertEquals(
        "tolerance must be finite and >= 0, but was -1.0",
        Refusals.message(() -> new BradleyTerry(0, 1, -1)));
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
