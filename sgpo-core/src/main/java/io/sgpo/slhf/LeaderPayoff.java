package io.sgpo.slhf;

/** What the leader of StackelbergGDA is paid for an answer y that the follower answers with y'. */
public enum LeaderPayoff {

  /**
   * P = p(y ≻ y'), as in the published loss. Its fixed point is π ∝ π_ref exp(E_ω p(y ≻ ·) / τ_L),
   * which misses the follower's KL term and is not quite the game's equilibrium unless that term is
   * the same for every y; the smaller τ_F, the smaller the difference. The default.
   */
  PREFERENCE,

  /**
   * P = p(y ≻ y') + τ_F (log ω(y' | x, y) − log ω_ref(y' | x, y)), an unbiased estimate of what the
   * game pays the leader. Its fixed point is the regularised Stackelberg equilibrium.
   */
  GAME
}
