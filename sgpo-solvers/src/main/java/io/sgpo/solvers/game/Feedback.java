package io.sgpo.solvers.game;

/** What a solver gets to see of the preferences at every gradient evaluation. */
public sealed interface Feedback {

  /** The matrix itself: exact gradients. */
  record Full() implements Feedback {}

  /**
   * Votes on pairs that the players draw, y ∼ π and y' ∼ ω(·|y): an unbiased estimate of the
   * gradient, weighted by the inverse probability of the pair, with baseline ½.
   *
   * @param pairs votes per gradient evaluation, {@code >= 1}
   * @param seed of the draws; each evaluation has its own stream
   */
  record Sampled(int pairs, long seed) implements Feedback {
    /** Checks the domain. */
    public Sampled {
      if (pairs < 1) {
        throw new IllegalArgumentException("pairs must be >= 1, but was " + pairs);
      }
    }
  }

  /**
   * The matrix plus fresh antisymmetric Gaussian noise, so that p + pᵀ = 1 still holds.
   *
   * @param deviation standard deviation of an entry, finite, {@code >= 0}, in units of probability
   * @param seed of the draws; each evaluation has its own stream
   */
  record Noisy(double deviation, long seed) implements Feedback {
    /** Checks the domain. */
    public Noisy {
      if (!(deviation >= 0) || deviation == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "deviation must be finite and >= 0, but was " + deviation);
      }
    }
  }

  /** Exact gradients. */
  static Feedback full() {
    return new Full();
  }

  /** Votes on drawn pairs; see {@link Sampled}. */
  static Feedback sampled(int pairs, long seed) {
    return new Sampled(pairs, seed);
  }

  /** A noisy matrix; see {@link Noisy}. */
  static Feedback noisy(double deviation, long seed) {
    return new Noisy(deviation, seed);
  }
}
