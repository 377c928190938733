package io.sgpo.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.policy.LogProbs;
import io.sgpo.spi.StandardOptions.KlCredit;
import io.sgpo.spi.StandardOptions.KlEstimator;
import org.junit.jupiter.api.Test;

class ScoreFunctionTest {

  private static final double TAU = 0.7;

  @Test
  void byHand() {
    LogProbs scores = LogProbs.of(-1, -2);
    LogProbs reference = LogProbs.of(-1.5, -1);
    // lr = (0.5, −1); P − ½ = 0.25
    assertArrayEquals(
        new double[] {3 * (0.2 * 0.5 - 0.25), 3 * (-0.2 - 0.25)},
        new ScoreFunction(0.2, KlEstimator.K1, KlCredit.TOKEN)
            .coefficients(scores, reference, 0.25, 3),
        1e-15);
    assertArrayEquals(
        new double[] {3 * (0.2 * -0.5 - 0.25), 3 * (-0.2 - 0.25)},
        new ScoreFunction(0.2, KlEstimator.K1, KlCredit.TO_GO)
            .coefficients(scores, reference, 0.25, 3),
        1e-15);
  }

  @Test
  void tokensMustBeTheSame() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ScoreFunction(1, KlEstimator.K1, KlCredit.TOKEN)
                .coefficients(LogProbs.of(-1), LogProbs.of(-1, -1), 0, 1));
  }

  /**
   * Sequences of two binary tokens: θ[0] is the first token's logit, θ[1] and θ[2] the second's
   * after 0 and 1. Summed over all four sequences, the estimate with TO_GO is the gradient of τ
   * KL(π ‖ π_ref) − E[P]; with TOKEN the first token is not charged for what follows it.
   */
  @Test
  void onlyToGoIsTheGradientOfTheSequencesKl() {
    double[] theta = {0.4, -0.8, 1.1};
    double[] exact = centralDifferences(theta);
    assertArrayEquals(exact, expectation(theta, KlCredit.TO_GO), 1e-9);
    double[] published = expectation(theta, KlCredit.TOKEN);
    assertEquals(exact[1], published[1], 1e-9);
    assertEquals(exact[2], published[2], 1e-9);
    assertTrue(Math.abs(exact[0] - published[0]) > 0.01);
  }

  private static final double[] REFERENCE = {-0.3, 0.5, 0.2};

  /** A reward of the whole sequence in place of a preference. */
  private static double preference(int first, int second) {
    return first == second ? 0.9 : 0.3 + 0.2 * first;
  }

  private static LogProbs score(double[] theta, int first, int second) {
    return LogProbs.of(logBernoulli(theta[0], first), logBernoulli(theta[1 + first], second));
  }

  private static double logBernoulli(double logit, int token) {
    return -Math.log1p(Math.exp(token == 1 ? -logit : logit));
  }

  private static double objective(double[] theta) {
    double value = 0;
    for (int first = 0; first < 2; first++) {
      for (int second = 0; second < 2; second++) {
        double logProb = score(theta, first, second).sum();
        double ratio = logProb - score(REFERENCE, first, second).sum();
        value += Math.exp(logProb) * (TAU * ratio - preference(first, second));
      }
    }
    return value;
  }

  private static double[] centralDifferences(double[] theta) {
    double h = 1e-5;
    double[] gradient = new double[theta.length];
    for (int j = 0; j < theta.length; j++) {
      double[] up = theta.clone();
      double[] down = theta.clone();
      up[j] += h;
      down[j] -= h;
      gradient[j] = (objective(up) - objective(down)) / (2 * h);
    }
    return gradient;
  }

  private static double[] expectation(double[] theta, KlCredit credit) {
    double[] gradient = new double[theta.length];
    for (int first = 0; first < 2; first++) {
      for (int second = 0; second < 2; second++) {
        LogProbs scores = score(theta, first, second);
        double[] c =
            new ScoreFunction(TAU, KlEstimator.K1, credit)
                .coefficients(
                    scores, score(REFERENCE, first, second), preference(first, second) - 0.5, 1);
        double probability = Math.exp(scores.sum());
        // ∂ log Bernoulli / ∂ logit = token − σ(logit)
        gradient[0] += probability * c[0] * (first - Math.exp(logBernoulli(theta[0], 1)));
        gradient[1 + first] +=
            probability * c[1] * (second - Math.exp(logBernoulli(theta[1 + first], 1)));
      }
    }
    return gradient;
  }
}
