package io.sgpo.slhf;

import io.sgpo.policy.LogProbs;
import io.sgpo.spi.StandardOptions.KlCredit;

/** The score-function gradient of one player (arXiv 2512.16626, the loss of StackelbergGDA). */
public final class StackelbergGradient {

  /** b, the preference that no answer can win or lose by: its own against itself. */
  private static final double BASELINE = 0.5;

  private StackelbergGradient() {}

  /**
   * Descent coefficients c_t of Σ_t c_t ∇ log π(token_t): c_t = scale · (τ k1_t − (P − ½)), where
   * k1_t is the token's log-ratio lr_t = log π − log π_ref, or under {@link KlCredit#TO_GO} the sum
   * of its own and all later ones. With TO_GO the expectation over responses is exactly τ ∇KL(π ‖
   * π_ref) − ∇E[P], for a payoff P that does not depend on the player's own weights.
   *
   * @param scores log π of the response's tokens
   * @param reference log π_ref of the same tokens
   * @param payoff P of this response: the preference for it, in [0, 1], or {@link
   *     LeaderPayoff#GAME}
   * @param tau τ {@code >= 0}
   * @param scale 1 for the leader, κ for the follower
   * @param credit which log-ratios a token is charged with
   */
  public static double[] coefficients(
      LogProbs scores,
      LogProbs reference,
      double payoff,
      double tau,
      double scale,
      KlCredit credit) {
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
      double ratio = scores.get(t) - reference.get(t);
      toGo += ratio;
      double charge = credit == KlCredit.TO_GO ? toGo : ratio;
      coefficients[t] = scale * (tau * charge - (payoff - BASELINE));
    }
    return coefficients;
  }

  /**
   * The published loss Σ_t c_t log π(token_t), whose gradient with c held fixed is the estimate.
   */
  static double loss(double[] coefficients, LogProbs scores) {
    double loss = 0;
    for (int t = 0; t < coefficients.length; t++) {
      loss += coefficients[t] * scores.get(t);
    }
    return loss;
  }
}
