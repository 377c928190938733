package io.sgpo.train;

import io.sgpo.policy.LogProbs;
import io.sgpo.spi.StandardOptions.KlCredit;
import io.sgpo.spi.StandardOptions.KlEstimator;

/**
 * The score-function gradient of a payoff and a KL term: descent coefficients c_t of Σ_t c_t ∇ log
 * π(token_t), c_t = scale · (τ k_t − A) with the advantage A = payoff − baseline (arXiv 2512.16626,
 * the loss of StackelbergGDA).
 *
 * <p>k_t is a function of the token's log-ratio lr_t = log π − log π_ref, everything held fixed, or
 * under {@link KlCredit#TO_GO} the sum of its own and all later ones. With {@link KlEstimator#K1}
 * and TO_GO the expectation over responses is exactly τ ∇KL(π ‖ π_ref) − ∇E[payoff], for a payoff
 * that does not depend on the player's own weights and a baseline that does not depend on the
 * response. What the other choices expect is told at {@link KlEstimator} and {@link KlCredit}.
 *
 * @param tau τ {@code >= 0}
 * @param estimator k
 * @param credit which tokens' k a token is charged with
 */
public record ScoreFunction(double tau, KlEstimator estimator, KlCredit credit) {

  /**
   * The coefficients of one response.
   *
   * @param scores log π of its tokens
   * @param reference log π_ref of the same tokens
   * @param advantage A, payoff minus baseline
   * @param scale 1, or what the player's gradient is weighted with
   * @throws IllegalArgumentException if the numbers of tokens differ
   */
  public double[] coefficients(
      LogProbs scores, LogProbs reference, double advantage, double scale) {
    if (scores.size() != reference.size()) {
      throw new IllegalArgumentException(
          "scores and reference must have the same tokens, but had "
              + scores.size()
              + " and "
              + reference.size());
    }
    double[] coefficients = new double[scores.size()];
    double toGo = 0;
    for (int t = coefficients.length - 1; t >= 0; t--) {
      double k = estimate(scores.get(t) - reference.get(t));
      toGo += k;
      double charge = credit == KlCredit.TO_GO ? toGo : k;
      coefficients[t] = scale * (tau * charge - advantage);
    }
    return coefficients;
  }

  /** k of a token's log-ratio (Schulman 2020, "Approximating KL divergence"). */
  private double estimate(double logRatio) {
    return switch (estimator) {
      case K1 -> logRatio;
      case K2 -> logRatio * logRatio / 2;
      case K3 -> Math.expm1(-logRatio) + logRatio;
    };
  }

  /**
   * The published loss Σ_t c_t log π(token_t), whose gradient with c held fixed is the estimate.
   */
  public static double loss(double[] coefficients, LogProbs scores) {
    double loss = 0;
    for (int t = 0; t < coefficients.length; t++) {
      loss += coefficients[t] * scores.get(t);
    }
    return loss;
  }
}
