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

  private Followers() {}

  /** The follower that solves the Wasserstein worst case exactly, in expected linear time. */
  public static Follower exact() {
    return EXACT;
  }
}
