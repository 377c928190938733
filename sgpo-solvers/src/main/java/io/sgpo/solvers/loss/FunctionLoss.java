package io.sgpo.solvers.loss;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/** A loss with one Lipschitz constant and one modulus of weak convexity for the whole line. */
final class FunctionLoss implements LineLoss {
  private final String name;
  private final DoubleUnaryOperator value;
  private final DoubleUnaryOperator slope;
  private final double lipschitz;
  private final double modulus;
  private final double[] breakpoints;

  FunctionLoss(
      String name,
      DoubleUnaryOperator value,
      DoubleUnaryOperator slope,
      double lipschitz,
      double modulus,
      double... breakpoints) {
    this.name = Objects.requireNonNull(name, "name");
    this.value = Objects.requireNonNull(value, "value");
    this.slope = Objects.requireNonNull(slope, "slope");
    if (!(lipschitz >= 0) || Double.isInfinite(lipschitz)) {
      throw new IllegalArgumentException("lipschitz must be finite and >= 0, but was " + lipschitz);
    }
    if (!(modulus >= 0)) {
      throw new IllegalArgumentException("modulus must be >= 0, but was " + modulus);
    }
    this.lipschitz = lipschitz;
    this.modulus = modulus;
    this.breakpoints = breakpoints.clone();
    for (int k = 0; k < breakpoints.length; k++) {
      if (!Double.isFinite(breakpoints[k])) {
        throw new IllegalArgumentException(
            "breakpoints must be finite, but breakpoint " + k + " was " + breakpoints[k]);
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double value(double z) {
    return value.applyAsDouble(z);
  }

  @Override
  public double slope(double z) {
    return slope.applyAsDouble(z);
  }

  @Override
  public double lipschitz(double left, double right) {
    return lipschitz;
  }

  @Override
  public double weakConvexity(double left, double right) {
    return modulus;
  }

  @Override
  public double[] breakpoints() {
    return breakpoints.clone();
  }

  @Override
  public String toString() {
    return name;
  }
}
