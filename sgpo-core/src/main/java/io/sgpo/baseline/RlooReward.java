package io.sgpo.baseline;

/** What an answer is paid in RLOO. */
public enum RlooReward {

  /**
   * The mean preference for it over the other answers drawn for its prompt. The default. The fixed
   * point is the KL-regularised Nash policy π ∝ π_ref exp(p(· ≻ π) / τ).
   */
  PREFERENCE,

  /**
   * The judge's reward r(x, y); the judge must be a {@link io.sgpo.judge.RewardFunction}. The fixed
   * point is π ∝ π_ref exp(r / τ).
   */
  SCALAR
}
