package io.sgpo.follower;

/** Where the K tangents of the surrogate touch the loss. */
public enum TangentKnots {

  /** Equally spaced on the support [a, b], on the follower's scale. */
  UNIFORM,

  /** At empirical quantiles of the gaps, from the least to the largest. */
  QUANTILES,

  /**
   * Equally spaced in probability: on {@link GapScale#MARGIN} from σ(a) to σ(b), on {@link
   * GapScale#PROBABILITY} at 1/K, 2/K, .., 1 whatever the support, as the reference implementation
   * has them.
   */
  PROBABILITY
}
