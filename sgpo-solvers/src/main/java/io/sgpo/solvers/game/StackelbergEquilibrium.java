package io.sgpo.solvers.game;

/**
 * The Stackelberg equilibrium of SLHF (arXiv 2512.16626) in closed form.
 *
 * <pre>
 * max_π min_ω Σ_y π(y) [ Σ_y' ω(y'|y) p(y ≻ y') + τ_F KL(ω(·|y) ‖ r_F(·|y)) ] − τ_L KL(π ‖ r)
 *
 * ω*(y'|y) ∝ r_F(y'|y) exp(−p(y ≻ y')/τ_F)
 * V(y)     = −τ_F log Σ_y' r_F(y'|y) exp(−p(y ≻ y')/τ_F)
 * π*(y)    ∝ r(y) exp(V(y)/τ_L)
 * value    = τ_L log Σ_y r(y) exp(V(y)/τ_L)
 * </pre>
 *
 * <p>The equilibrium is unique for τ_L, τ_F {@code >} 0 and references of full support. The limits
 * are taken exactly: at τ_F = 0, V(y) = min_y' p(y ≻ y'); at τ_F = ∞, V(y) = E_{r_F} p(y ≻ ·); at
 * τ_L = 0 the leader plays the best action, at τ_L = ∞ its reference. Ties of the deterministic
 * limit go to the lowest index and are reported.
 *
 * <p>Cost: one pass over the matrix, O(n²) time and O(n) memory per thread; the follower's rows are
 * computed when they are read. Rows are spread over the common pool from 256 actions on.
 * Deterministic, whatever the number of threads.
 */
public final class StackelbergEquilibrium {
  private StackelbergEquilibrium() {}

  /**
   * Solves the game.
   *
   * @throws IllegalArgumentException if a reference that matters lacks full support
   */
  public static StackelbergSolution solve(PreferenceGame game, KlStrengths strengths) {
    StackelbergTarget target = new StackelbergTarget(game, strengths);
    double[] leader = target.leader();
    int leaderTies =
        strengths.leaderKl() == 0 ? SoftMin.ties(SoftMin.negated(target.rowValues())) : 1;
    return new StackelbergSolution(
        Distribution.owning(leader),
        new BestResponse(game, strengths.followerKl()),
        target.value(),
        SolveStatus.EXACT,
        target.certify(leader, target.rowValues()),
        new StackelbergSolution.Ties(leaderTies, target.tiedRows()),
        0,
        1,
        pairs(game.size()));
  }

  static long pairs(int n) {
    return (long) n * (n - 1) / 2;
  }

  /**
   * The follower's best response ω*, of which a row is computed when it is read.
   *
   * @throws IllegalArgumentException if τ_F {@code >} 0 and its reference lacks full support
   */
  public static ConditionalPolicy bestResponse(PreferenceGame game, double followerKl) {
    References.requireSupport(game, new KlStrengths(0, followerKl));
    return new BestResponse(game, followerKl);
  }

  /**
   * V(y), what each leader action is worth against the follower's best response.
   *
   * @throws IllegalArgumentException if τ_F {@code >} 0 and its reference lacks full support
   */
  public static double[] actionValues(PreferenceGame game, double followerKl) {
    References.requireSupport(game, new KlStrengths(0, followerKl));
    return RowValues.of(game, followerKl).values();
  }

  /**
   * The certificate of any pair of policies.
   *
   * @throws IllegalArgumentException if sizes differ or a reference that matters lacks full support
   */
  public static StackelbergCertificate certify(
      PreferenceGame game, KlStrengths strengths, Distribution leader, ConditionalPolicy follower) {
    if (leader.size() != game.size() || follower.size() != game.size()) {
      throw new IllegalArgumentException(
          "leader and follower must have as many actions as the game, "
              + game.size()
              + ", but had "
              + leader.size()
              + " and "
              + follower.size());
    }
    StackelbergTarget target = new StackelbergTarget(game, strengths);
    return target.certify(leader.toArray(), target.rowCosts(follower));
  }
}
