package io.sgpo.ssapo;

/**
 * The follower's radius reaches the largest useful one, ε {@code >=} mean ξ − a: all mass sits on
 * a, no gradient is left and training would stall.
 */
public final class SaturationException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  private final double epsilon;
  private final double largestUseful;

  SaturationException(double epsilon, double largestUseful) {
    super(message(epsilon, largestUseful));
    this.epsilon = epsilon;
    this.largestUseful = largestUseful;
  }

  static String message(double epsilon, double largestUseful) {
    return "the follower's radius saturates: epsilon must be < mean gap - a = "
        + largestUseful
        + ", but was "
        + epsilon
        + "; every gradient would be zero. Set a smaller epsilon, set relativeRadius in place of it,"
        + " set a larger supportMargin, or set allowSaturation(true) to go on with a warning";
  }

  /** ε. */
  public double epsilon() {
    return epsilon;
  }

  /** mean ξ − a. */
  public double largestUseful() {
    return largestUseful;
  }
}
