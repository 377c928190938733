package io.sgpo.solvers.game;

/**
 * How far a pair (π, ω) is from the Stackelberg equilibrium (π*, ω*) of objective
 *
 * <pre>
 * f(π, ω) = Σ_y π(y) [ Σ_y' ω(y'|y) p(y ≻ y') + τ_F KL(ω(·|y) ‖ r_F(·|y)) ] − τ_L KL(π ‖ r).
 * </pre>
 *
 * All three are {@code >=} 0, and 0 exactly at equilibrium (for the follower: on the rows that the
 * leader plays).
 *
 * @param leaderRegret f(π*, ω*) − min_ω f(π, ω) = τ_L KL(π ‖ π*) for τ_L {@code >} 0
 * @param followerRegret f(π, ω) − min_ω f(π, ω) = τ_F E_π KL(ω ‖ ω*) for τ_F {@code >} 0
 * @param gap the best-response gap max_π f(π, ω) − min_ω f(π, ω); unlike the regrets it also counts
 *     a follower that errs where the leader does not play yet
 */
public record StackelbergCertificate(double leaderRegret, double followerRegret, double gap) {

  /** leaderRegret + followerRegret = τ_L KL(π ‖ π*) + τ_F E_π KL(ω ‖ ω*). */
  public double divergence() {
    return leaderRegret + followerRegret;
  }
}
