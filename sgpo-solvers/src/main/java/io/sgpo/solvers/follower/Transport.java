package io.sgpo.solvers.follower;

/**
 * The follower's plan: mass below the threshold gap x_f goes to the lower end of the support, the
 * share {@code fraction} of the mass on x_f goes too, the rest stays. Ties are met by {@code ==},
 * so that −0.0 and 0.0 are one gap and equal gaps share alike.
 *
 * @param threshold x_f
 * @param fraction m_f in [0, 1]
 */
record Transport(double threshold, double fraction) {
  /** Nothing moves. */
  static final Transport NONE = new Transport(Double.NEGATIVE_INFINITY, 0);

  /**
   * The plan that gains most within the radius: the smallest gaps first, each wholly to a while the
   * budget Nε lasts.
   *
   * @param gaps finite, {@code >= summary.lower()}; not modified
   * @param radius ε {@code >= 0}
   */
  static Transport within(double[] gaps, GapSummary summary, double radius) {
    if (radius == 0) {
      return NONE;
    }
    return saturates(summary, radius)
        ? new Transport(summary.max(), 1)
        : ThresholdSearch.find(gaps, summary, radius);
  }

  /** Whether the budget moves all mass: ε {@code >=} mean ξ − a. */
  static boolean saturates(GapSummary summary, double radius) {
    double budget = summary.size() * radius;
    return (budget - summary.distance()) + roundedOff(summary.size(), radius) >= 0;
  }

  /** What the product Nε lost to rounding, so that a budget is spent exactly or not at all. */
  static double roundedOff(int size, double radius) {
    double product = size * radius;
    return Double.isInfinite(product) ? 0 : Math.fma(size, radius, -product);
  }

  /** m, the share of a gap's mass that is moved. */
  double moved(double gap) {
    if (gap < threshold) {
      return 1;
    }
    return gap == threshold ? fraction : 0;
  }
}
