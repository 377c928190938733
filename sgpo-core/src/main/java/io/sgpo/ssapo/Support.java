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

  /**
   * The quantile of values with masses. The k-th value stands at the middle of its mass, and shares
   * run from the place of the first to that of the last: with equal masses these are the quantiles
   * between order statistics.
   *
   * @param sorted at least one number
   * @param masses {@code > 0}, one for each
   * @param share in [0, 1]
   */
  static double quantile(double[] sorted, double[] masses, double share) {
    double[] places = new double[sorted.length];
    double before = 0;
    for (int k = 0; k < places.length; k++) {
      places[k] = before + masses[k] / 2;
      before += masses[k];
    }
    int last = places.length - 1;
    double place = places[0] + share * (places[last] - places[0]);
    int above = 0;
    while (above < last && places[above] < place) {
      above++;
    }
    int below = Math.max(above - 1, 0);
    double width = places[above] - places[below];
    double part = width == 0 ? 1 : Math.min(1, (place - places[below]) / width);
    return sorted[below] + part * (sorted[above] - sorted[below]);
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

  /** For each gap 1 if it is clipped, else 0. */
  double[] clipped(double[] gaps) {
    return Arrays.stream(gaps).map(gap -> clips && !holds(gap) ? 1 : 0).toArray();
  }
}
