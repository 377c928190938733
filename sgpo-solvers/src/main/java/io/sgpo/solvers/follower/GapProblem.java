package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import java.io.Serializable;
import java.util.Objects;

/**
 * What a streamed follower is asked, before the gaps are known.
 *
 * @param radius ε, or ρ of a relative radius
 * @param relative whether ε = ρ (mean ξ − a)
 * @param margin τ of a support [min ξ − τ, max ξ + τ]; NaN if the support is given
 * @param lower a, if it is given
 * @param upper b, if it is given
 */
record GapProblem(
    double radius, boolean relative, double margin, double lower, double upper, GapLoss loss)
    implements Serializable {

  GapProblem {
    Objects.requireNonNull(loss, "loss");
    if (relative && !(radius >= 0 && radius < 1)) {
      throw new IllegalArgumentException("relativeRadius must be in [0, 1), but was " + radius);
    }
    Ambiguity.wasserstein(radius).support(lower, upper); // checks their numbers
    if (margin < 0 || Double.isInfinite(margin)) {
      throw new IllegalArgumentException("tau must be finite and >= 0, but was " + margin);
    }
  }

  /** Whether the gaps must be seen before a and b are known. */
  boolean supportIsOpen() {
    return !Double.isNaN(margin);
  }

  /** The ambiguity set, once number, range and sum of the gaps are known. */
  Ambiguity resolved(GapSummary summary) {
    double a = supportIsOpen() ? summary.min() - margin : lower;
    double b = supportIsOpen() ? summary.max() + margin : upper;
    GapSummary onSupport = summary.on(a);
    double epsilon = relative ? radius * (onSupport.distance() / summary.size()) : radius;
    return new Ambiguity(Math.max(0, epsilon), a, b, loss);
  }
}
