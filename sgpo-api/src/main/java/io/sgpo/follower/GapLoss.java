package io.sgpo.follower;

/**
 * A convex, non-increasing loss ℓ of the preference gap ξ (the margin of implicit rewards).
 *
 * <p>Implementations are immutable and thread-safe. Third parties may add losses; an exact follower
 * needs nothing but these methods.
 */
public interface GapLoss {

  /** A name for reports, such as {@code logistic}. */
  String name();

  /** ℓ(ξ) for a finite gap. */
  double value(double gap);

  /**
   * The derivative ℓ'(ξ) {@code <= 0}; at a kink the slope of smaller magnitude (the right
   * derivative).
   */
  double slope(double gap);

  /**
   * The magnitude of the chord's slope, c = (ℓ(a) − ℓ(ξ)) / (ξ − a): the rate at which the follower
   * gains by moving mass from ξ down to a. At ξ = a it is |ℓ'(a)|.
   *
   * @param lower a, {@code <= gap}
   * @param gap ξ
   */
  default double chordSlope(double lower, double gap) {
    double distance = gap - lower;
    return distance == 0 ? -slope(lower) : (value(lower) - value(gap)) / distance;
  }

  /** The loss of DPO, ℓ(ξ) = −log σ(ξ) = log(1 + e^−ξ): 1-Lipschitz, evaluated without overflow. */
  static GapLoss logistic() {
    return LogisticLoss.INSTANCE;
  }
}
