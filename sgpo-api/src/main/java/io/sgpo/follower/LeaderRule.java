package io.sgpo.follower;

/**
 * What the leader keeps between two solves: the coefficient of a pair in its gradient, as a
 * function of the pair's current gap. Under {@link LeaderWeighting#ENVELOPE} it is three frozen
 * numbers (a, λ*, the threshold gap), so a pair is let go once its gap passes the threshold.
 */
@FunctionalInterface
public interface LeaderRule {

  /**
   * g {@code >= 0} such that pair i contributes −g_i ∂ξ_i to the gradient of the leader's loss;
   * plain DPO has g = σ(−ξ).
   *
   * @param pair the pair's index in the gaps that were solved
   * @param gap the pair's current gap ξ
   */
  double coefficient(int pair, double gap);
}
