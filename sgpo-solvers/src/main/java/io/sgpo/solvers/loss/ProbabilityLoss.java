package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;
import java.io.Serializable;

/**
 * The loss of DPO on the scale of probabilities, ℓ(p) = −log p with p = σ(ξ) in (0, 1]. Infinite at
 * p = 0. Its chord slope does not cancel. Immutable and thread-safe.
 */
public final class ProbabilityLoss implements GapLoss, Serializable {
  private static final ProbabilityLoss INSTANCE = new ProbabilityLoss();

  private ProbabilityLoss() {}

  /** The loss. */
  public static ProbabilityLoss exact() {
    return INSTANCE;
  }

  @Override
  public String name() {
    return "-log p";
  }

  @Override
  public double value(double p) {
    return 0 - Math.log(p); // no −0.0
  }

  @Override
  public double slope(double p) {
    return -1 / p;
  }

  @Override
  public double chordSlope(double lower, double p) {
    double distance = p - lower;
    if (distance == 0) {
      return 1 / lower;
    }
    // (log p − log a) / (p − a); far apart the difference does not cancel and the ratio may
    // overflow
    double drop = distance > lower ? Math.log(p) - Math.log(lower) : Math.log1p(distance / lower);
    return drop / distance;
  }

  @Override
  public String toString() {
    return name();
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
