package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the estimates of the preferences are, on average and in spread. */
class PreferenceOracleTest {
  private static final int N = 3;
  private static final int EVALUATIONS = 40_000;

  private final PreferenceGame game = Games.randomReferences(41, N, false);
  private final double[] leader = Games.distribution(new SplittableRandom(42), N).toArray();
  private final Mixture[] rows = Mixture.rowsOf(Games.policy(new SplittableRandom(43), N));

  private double[][] mean(PreferenceOracle oracle, double[][] squares) {
    double[][] mean = new double[N][N];
    for (int evaluation = 0; evaluation < EVALUATIONS; evaluation++) {
      double[][] estimate = oracle.estimate(leader, rows);
      for (int y = 0; y < N; y++) {
        for (int other = 0; other < N; other++) {
          mean[y][other] += estimate[y][other] / EVALUATIONS;
          squares[y][other] += estimate[y][other] * estimate[y][other] / EVALUATIONS;
        }
      }
    }
    return mean;
  }

  /** E[estimate] = p − ½ in every entry: within five standard errors. */
  @Test
  void votesAreUnbiased() {
    PreferenceOracle oracle = PreferenceOracle.of(game, Feedback.sampled(2, 1));
    double[][] squares = new double[N][N];
    double[][] mean = mean(oracle, squares);
    for (int y = 0; y < N; y++) {
      for (int other = 0; other < N; other++) {
        double error = Math.sqrt(squares[y][other] / EVALUATIONS);
        assertEquals(game.preference(y, other) - 0.5, mean[y][other], 5 * error);
      }
    }
    assertEquals(EVALUATIONS, oracle.evaluations());
    assertEquals(2L * EVALUATIONS, oracle.queries());
  }

  /** One vote moves one entry, by ± ½ over the chance of its pair. */
  @Test
  void aVoteWeighsTheInverseChanceOfItsPair() {
    PreferenceOracle oracle = PreferenceOracle.of(game, Feedback.sampled(1, 2));
    for (int evaluation = 0; evaluation < 20; evaluation++) {
      double[][] estimate = oracle.estimate(leader, rows);
      int moved = 0;
      for (int y = 0; y < N; y++) {
        for (int other = 0; other < N; other++) {
          if (estimate[y][other] != 0) {
            double chance = leader[y] * rows[y].probabilities[other];
            assertEquals(0.5 / chance, Math.abs(estimate[y][other]), 1e-12);
            moved++;
          }
        }
      }
      assertEquals(1, moved);
    }
  }

  @Test
  void noiseIsAntisymmetricAndHasItsDeviation() {
    PreferenceOracle oracle = PreferenceOracle.of(game, Feedback.noisy(0.2, 3));
    double[][] squares = new double[N][N];
    double[][] mean = mean(oracle, squares);
    for (int y = 0; y < N; y++) {
      for (int other = 0; other < N; other++) {
        assertEquals(game.preference(y, other), mean[y][other], 5 * 0.2 / Math.sqrt(EVALUATIONS));
        double variance = squares[y][other] - mean[y][other] * mean[y][other];
        assertEquals(y == other ? 0 : 0.04, variance, 0.002);
      }
    }
    double[][] once = oracle.estimate(leader, rows);
    for (int y = 0; y < N; y++) {
      for (int other = 0; other < N; other++) {
        assertEquals(1, once[y][other] + once[other][y], 1e-15);
      }
    }
    assertEquals(3L * (EVALUATIONS + 1), oracle.queries());
  }

  @Test
  void noiseWithoutDeviationIsTheMatrix() {
    double[][] seen = PreferenceOracle.of(game, Feedback.noisy(0, 4)).estimate(leader, rows);
    for (int y = 0; y < N; y++) {
      assertArrayEquals(game.toArray()[y], seen[y]);
    }
  }

  @Test
  void fullFeedbackIsTheMatrix() {
    double[][] seen = PreferenceOracle.of(game, Feedback.full()).estimate(leader, rows);
    for (int y = 0; y < N; y++) {
      assertArrayEquals(game.toArray()[y], seen[y]);
    }
  }
}
