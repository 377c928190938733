package io.sgpo.follower;

import java.io.Serializable;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/**
 * The ambiguity set of the follower and the loss it maximises: all distributions on the support [a,
 * b] within 1-Wasserstein distance ε of the empirical distribution of the gaps (arXiv 2502.18099,
 * definition of U_ε).
 *
 * <pre>{@code
 * Ambiguity.wasserstein(0.01).support(-2, 2)
 * }</pre>
 *
 * <p>Serializable if its loss is.
 *
 * @param radius ε {@code >= 0}, in units of the gap; infinity is accepted and saturates
 * @param lower a, finite
 * @param upper b, finite, {@code >= a}
 * @param loss ℓ, the logistic loss unless set by {@link #loss(GapLoss)}
 */
public record Ambiguity(double radius, double lower, double upper, GapLoss loss)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if the radius is negative or NaN, or the support is not a
   *     finite interval
   */
  public Ambiguity {
    Objects.requireNonNull(loss, "loss");
    requireRadius(radius);
    if (!Double.isFinite(lower) || !Double.isFinite(upper) || lower > upper) {
      throw new IllegalArgumentException(
          "support must be a finite interval [a, b] with a <= b, but was ["
              + lower
              + ", "
              + upper
              + "]");
    }
  }

  /**
   * A Wasserstein ball of the given radius; its support is still to be named.
   *
   * @throws IllegalArgumentException if the radius is negative or NaN
   */
  public static Ball wasserstein(double radius) {
    return new Ball(radius);
  }

  /** The same set with another loss. */
  public Ambiguity loss(GapLoss other) {
    return new Ambiguity(radius, lower, upper, other);
  }

  private static void requireRadius(double radius) {
    if (!(radius >= 0)) {
      throw new IllegalArgumentException("epsilon must be >= 0, but was " + radius);
    }
  }

  /**
   * A Wasserstein ball that lacks its support.
   *
   * @param radius ε {@code >= 0}
   */
  public record Ball(double radius) {
    public Ball {
      requireRadius(radius);
    }

    /** The ball on the support [lower, upper]. */
    public Ambiguity support(double lower, double upper) {
      return new Ambiguity(radius, lower, upper, GapLoss.logistic());
    }

    /**
     * The ball on the support [min ξ − τ, max ξ + τ].
     *
     * @param gaps the gaps ξ, at least one, finite
     * @param margin τ {@code >= 0}
     */
    public Ambiguity supportAround(double[] gaps, double margin) {
      return around(gaps.length, i -> gaps[i], margin);
    }

    /** As for doubles. */
    public Ambiguity supportAround(float[] gaps, double margin) {
      return around(gaps.length, i -> gaps[i], margin);
    }

    private Ambiguity around(int size, IntToDoubleFunction gaps, double margin) {
      if (!(margin >= 0) || Double.isInfinite(margin)) {
        throw new IllegalArgumentException("tau must be finite and >= 0, but was " + margin);
      }
      if (size == 0) {
        throw new IllegalArgumentException("gaps must not be empty");
      }
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        double gap = gaps.applyAsDouble(i);
        if (!Double.isFinite(gap)) {
          throw new IllegalArgumentException("gaps must be finite, but gap " + i + " was " + gap);
        }
        min = Math.min(min, gap);
        max = Math.max(max, gap);
      }
      return support(min - margin, max + margin);
    }
  }
}
