package io.sgpo.solvers.follower;

/**
 * The inner problem at a price λ for a convex piecewise affine loss, monotone or not: (1/N) Σ max_z
 * {ℓ(z) − λ|z − ξ_i|}, whose maximum is at ξ_i or at an end of the support.
 */
final class EndMoves implements DualSearch.Inner {
  private final double[] gaps;
  private final double[] stay;
  private final double lower;
  private final double upper;
  private final double atLower;
  private final double atUpper;
  private final double steepest;

  EndMoves(double[] gaps, double lower, double upper, double[] slopes, double[] intercepts) {
    this.gaps = gaps;
    this.lower = lower;
    this.upper = upper;
    atLower = value(lower, slopes, intercepts);
    atUpper = value(upper, slopes, intercepts);
    stay = new double[gaps.length];
    for (int i = 0; i < stay.length; i++) {
      stay[i] = value(gaps[i], slopes, intercepts);
    }
    double steepestSlope = 0;
    for (double slope : slopes) {
      steepestSlope = Math.max(steepestSlope, Math.abs(slope));
    }
    steepest = steepestSlope;
  }

  @Override
  public DualSearch.Priced at(double price) {
    CompensatedSum gain = new CompensatedSum();
    CompensatedSum spent = new CompensatedSum();
    for (int i = 0; i < gaps.length; i++) {
      double left = gaps[i] - lower;
      double right = upper - gaps[i];
      double leftNet = atLower - price * left;
      double rightNet = atUpper - price * right;
      if (Math.max(leftNet, rightNet) <= stay[i]) {
        gain.add(stay[i]);
      } else if (leftNet >= rightNet) {
        gain.add(atLower);
        spent.add(left);
      } else {
        gain.add(atUpper);
        spent.add(right);
      }
    }
    return new DualSearch.Priced(price, gain.value() / gaps.length, spent.value() / gaps.length);
  }

  /** The Lipschitz constant of the loss: at this price nothing moves. */
  double steepest() {
    return steepest;
  }

  private static double value(double gap, double[] slopes, double[] intercepts) {
    double value = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < slopes.length; k++) {
      value = Math.max(value, slopes[k] * gap + intercepts[k]);
    }
    return value;
  }
}
