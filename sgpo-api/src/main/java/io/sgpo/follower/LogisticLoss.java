package io.sgpo.follower;

import java.io.Serializable;

/** ℓ(ξ) = softplus(−ξ); formulas chosen so that no gap overflows or cancels. */
final class LogisticLoss implements GapLoss, Serializable {
  static final LogisticLoss INSTANCE = new LogisticLoss();

  /**
   * Up to this distance the chord is taken through log1p/expm1, where a difference would cancel.
   */
  private static final double CANCELLATION_FREE_DISTANCE = 30;

  private LogisticLoss() {}

  @Override
  public String name() {
    return "logistic";
  }

  @Override
  public double value(double gap) {
    return Math.max(-gap, 0) + Math.log1p(Math.exp(-Math.abs(gap)));
  }

  @Override
  public double slope(double gap) {
    double e = Math.exp(-Math.abs(gap));
    return -(gap >= 0 ? e : 1) / (1 + e); // ℓ'(ξ) = −σ(−ξ)
  }

  @Override
  public double chordSlope(double lower, double gap) {
    double distance = gap - lower;
    if (distance == 0) {
      return -slope(lower);
    }
    if (distance < CANCELLATION_FREE_DISTANCE) {
      // ℓ(a) − ℓ(ξ) = log( (1 + e^−a) / (1 + e^−ξ) ) = log1p( σ(−ξ)(e^d − 1) ), d = ξ − a
      return Math.log1p(-slope(gap) * Math.expm1(distance)) / distance;
    }
    return (value(lower) - value(gap)) / distance;
  }

  @Override
  public String toString() {
    return name();
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
