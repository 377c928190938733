package io.sgpo.solvers.loss;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/** {@link LineLoss#convex}. */
record ConvexLoss(String name, DoubleUnaryOperator values, DoubleUnaryOperator slopes)
    implements LineLoss {
  ConvexLoss {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(values, "value");
    Objects.requireNonNull(slopes, "slope");
  }

  @Override
  public double value(double z) {
    return values.applyAsDouble(z);
  }

  @Override
  public double slope(double z) {
    return slopes.applyAsDouble(z);
  }

  /** Slopes rise from left to right, so the largest are at the ends. */
  @Override
  public double lipschitz(double left, double right) {
    return Math.max(Math.abs(slope(left)), Math.abs(slope(right)));
  }

  @Override
  public double weakConvexity(double left, double right) {
    return 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
