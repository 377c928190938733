package io.sgpo.solvers.follower;

import io.sgpo.spi.Follower;

/**
 * The followers of this module.
 *
 * <pre>{@code
 * WorstCase worst = Followers.exact().solve(gaps, Ambiguity.wasserstein(0.01).support(-2, 2));
 * double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
 * }</pre>
 */
public final class Followers {
  private static final ExactFollower EXACT = new ExactFollower();

  private static final PrimalDualFollower PRIMAL_DUAL = new PrimalDualFollower();
  private static final LpFollower LP = new LpFollower();
  private static final LipschitzFollower LIPSCHITZ = new LipschitzFollower();

  private Followers() {}

  /** The follower that solves the Wasserstein worst case exactly, in expected linear time. */
  public static Follower exact() {
    return EXACT;
  }

  /** The follower by the paper's finite program, for tangents and at most a few hundred gaps. */
  public static LpFollower lp() {
    return LP;
  }

  /** The follower by its one-dimensional dual, with a primal solution from two prices. */
  public static Follower primalDual() {
    return PRIMAL_DUAL;
  }

  /** The follower of losses that need not be convex or monotone, with a certificate. */
  public static LipschitzFollower lipschitz() {
    return LIPSCHITZ;
  }

  /**
   * The exact follower on random groups, each with its own ball on the common support.
   *
   * @param groupSize G {@code >= 1}
   * @param seed of the groups
   */
  public static Follower grouped(int groupSize, long seed) {
    return new GroupedFollower(EXACT, groupSize, seed);
  }

  /**
   * The follower softened by entropy; a temperature towards 0 is the exact one.
   *
   * @param temperature T {@code > 0}, in units of the loss
   * @param points M {@code >= 1}, points that each pair's mass may move to
   */
  public static Follower entropic(double temperature, int points) {
    return new EntropicFollower(temperature, points);
  }
}
