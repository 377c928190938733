package io.sgpo.solvers.follower;

import java.io.Serializable;

/**
 * The follower's plan: mass below the threshold gap x_f goes to the lower end of the support, the
 * share {@code fraction} of the mass on x_f goes too, the rest stays. Ties are met by {@code ==},
 * so that −0.0 and 0.0 are one gap and equal gaps share alike.
 *
 * @param threshold x_f
 * @param fraction m_f in [0, 1]
 */
record Transport(double threshold, double fraction) implements Serializable {
  /** Nothing moves. */
  static final Transport NONE = new Transport(Double.NEGATIVE_INFINITY, 0);

  /** Whether the budget moves all mass: ε {@code >=} mean ξ − a. */
  static boolean saturates(GapSummary summary, double radius) {
    return DoubleDouble.product(summary.size(), radius).minus(summary.cost()).value() >= 0;
  }

  /** m, the share of a gap's mass that is moved. */
  double moved(double gap) {
    if (gap < threshold) {
      return 1;
    }
    return gap == threshold ? fraction : 0;
  }
}
