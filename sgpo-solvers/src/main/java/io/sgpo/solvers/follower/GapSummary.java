package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import java.io.Serializable;

/**
 * What one pass over the gaps tells.
 *
 * @param size N
 * @param lower a
 * @param min the smallest gap
 * @param max the largest gap
 * @param atMin how many gaps equal the smallest
 * @param sum Σ ξ_i
 * @param cost Σ (ξ_i − a): the budget that would move all mass to a
 */
record GapSummary(
    long size,
    double lower,
    double min,
    double max,
    long atMin,
    DoubleDouble sum,
    DoubleDouble cost)
    implements Serializable {

  /**
   * Adds the cost.
   *
   * @throws IllegalArgumentException if it overflows
   */
  static GapSummary of(
      long size, double lower, double min, double max, long atMin, DoubleDouble sum) {
    DoubleDouble cost = sum.minus(DoubleDouble.product(size, lower));
    if (!Double.isFinite(cost.value())) {
      throw new IllegalArgumentException(
          "the sum of the gaps and that of their distances to the support's lower end must not"
              + " overflow, but the lower end was "
              + lower
              + " and the largest gap "
              + max);
    }
    return new GapSummary(size, lower, min, max, atMin, sum, cost);
  }

  /** Checks the gaps against the support and summarises them. */
  static GapSummary checked(double[] gaps, Ambiguity ambiguity) {
    return checked(new DoubleGaps(gaps), ambiguity);
  }

  /** Checks the gaps against the support and summarises them. */
  static GapSummary checked(Gaps gaps, Ambiguity ambiguity) {
    if (gaps.size() == 0) {
      throw new IllegalArgumentException("gaps must not be empty");
    }
    return Scan.over(gaps, () -> new Extent(ambiguity.lower(), ambiguity.upper()))
        .summary(ambiguity.lower());
  }

  /** Summarises gaps that are known to be finite, at least one and {@code >= lower}. */
  static GapSummary of(Gaps gaps, double lower) {
    return Scan.over(gaps, Extent::ofFinite).summary(lower);
  }

  /** Of the same gaps, with another lower end of the support. */
  GapSummary on(double otherLower) {
    return of(size, otherLower, min, max, atMin, sum);
  }

  /** Σ (ξ_i − a), rounded. */
  double distance() {
    return cost.value();
  }

  /** ε / (mean ξ − a), 0 without a radius. */
  double saturation(double radius) {
    return radius == 0 ? 0 : radius / (distance() / size);
  }
}
