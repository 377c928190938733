package io.sgpo.ssapo;

import java.util.Arrays;

/**
 * The support [a, b] of the follower's distributions.
 *
 * @param lower a
 * @param upper b
 * @param clips whether gaps beyond it are clipped; else it holds all that there were
 */
record Support(double lower, double upper, boolean clips) {

  /**
   * The quantile by linear interpolation between order statistics.
   *
   * @param sorted at least one number
   * @param share in [0, 1]
   */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** The gap, or the end nearest to it. */
  double clip(double gap) {
    return Math.max(lower, Math.min(upper, gap));
  }

  /** The support that reaches from one gap to the other too, unless it clips. */
  Support reaching(double least, double most) {
    return clips ? this : new Support(Math.min(lower, least), Math.max(upper, most), false);
  }

  boolean holds(double gap) {
    return gap >= lower && gap <= upper;
  }

  /** The share of gaps beyond it. */
  double clippedShare(double[] gaps) {
    return clips
        ? Arrays.stream(gaps).filter(gap -> !holds(gap)).count() / (double) gaps.length
        : 0;
  }
}
