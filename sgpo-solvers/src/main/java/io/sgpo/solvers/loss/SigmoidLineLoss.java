package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;

/** {@link LineLoss#sigmoid()}. */
final class SigmoidLineLoss implements LineLoss {
  static final SigmoidLineLoss INSTANCE = new SigmoidLineLoss();

  /** max −ℓ'' = max p(1 − p)(1 − 2p) = 1/(6√3), at p = ½ − 1/√12; rounded up. */
  private static final double MODULUS = 0.09622504486493766;

  private SigmoidLineLoss() {}

  @Override
  public String name() {
    return "sigmoid";
  }

  @Override
  public double value(double z) {
    return -GapLoss.logistic().slope(z);
  }

  /** −σ(z)σ(−z). */
  @Override
  public double slope(double z) {
    return -value(z) * value(-z);
  }

  /** |ℓ'| falls with the distance from 0. */
  @Override
  public double lipschitz(double left, double right) {
    return -slope(Math.max(0, Math.max(left, -right)));
  }

  @Override
  public double weakConvexity(double left, double right) {
    return left >= 0 ? 0 : MODULUS;
  }

  @Override
  public double[] breakpoints() {
    return new double[] {0};
  }

  @Override
  public String toString() {
    return name();
  }
}
