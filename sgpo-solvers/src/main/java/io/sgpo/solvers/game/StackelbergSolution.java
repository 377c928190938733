package io.sgpo.solvers.game;

/**
 * A leader and a follower of a Stackelberg preference game.
 *
 * @param leader π
 * @param follower ω(·|y)
 * @param value min_ω f(π, ω), at most the equilibrium's value
 * @param status how the solve ended
 * @param bounds the regrets and the best-response gap
 * @param ties where the deterministic limit had to choose by index
 * @param iterations iterations taken, 0 for the closed form
 * @param gradientEvaluations gradients evaluated or estimated
 * @param preferenceQueries preferences asked for
 */
public record StackelbergSolution(
    Distribution leader,
    ConditionalPolicy follower,
    double value,
    SolveStatus status,
    StackelbergCertificate bounds,
    Ties ties,
    int iterations,
    long gradientEvaluations,
    long preferenceQueries)
    implements GameSolution {

  /**
   * Ties of the deterministic limit, broken by the lowest index.
   *
   * @param leaderActions at τ_L = 0: how many actions attain the leader's maximum; otherwise 1
   * @param followerRows at τ_F = 0: in how many rows several answers attain the follower's minimum;
   *     otherwise 0
   */
  public record Ties(int leaderActions, int followerRows) {
    static final Ties NONE = new Ties(1, 0);
  }

  /** τ_L KL(π ‖ π*) + τ_F E_π KL(ω ‖ ω*), or their limits at τ = 0. */
  @Override
  public double certificate() {
    return bounds.divergence();
  }
}
