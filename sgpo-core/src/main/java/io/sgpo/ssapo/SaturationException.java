package io.sgpo.ssapo;

import io.sgpo.follower.GapScale;

/**
 * The follower's radius reaches the largest useful one, ε {@code >=} mean ξ − a on the scale of the
 * radius: all mass sits on a, no gradient is left and training would stall.
 */
public final class SaturationException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  private final double epsilon;
  private final double largestUseful;

  SaturationException(GapScale scale, double epsilon, double largestUseful) {
    super(message(scale, epsilon, largestUseful));
    this.epsilon = epsilon;
    this.largestUseful = largestUseful;
  }

  static String message(GapScale scale, double epsilon, double largestUseful) {
    String mean = scale == GapScale.MARGIN ? "mean gap - a" : "mean probability - a";
    return "the follower's radius saturates: epsilon must be < "
        + mean
        + " = "
        + largestUseful
        + ", but was "
        + epsilon
        + "; every gradient would be zero. Set a smaller epsilon, set relativeRadius in place of it,"
        + " set a larger supportMargin, or set allowSaturation(true) to go on with a warning";
  }

  /** ε, on the scale of the run. */
  public double epsilon() {
    return epsilon;
  }

  /** mean ξ − a, on the scale of the run. */
  public double largestUseful() {
    return largestUseful;
  }
}
