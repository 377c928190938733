package io.sgpo.solvers.loss;

/** {@link PreferenceLoss#ipo}. */
record IpoLoss(double beta) implements PreferenceLoss {
  IpoLoss {
    if (!(beta > 0) || Double.isInfinite(beta)) {
      throw new IllegalArgumentException("beta must be finite and > 0, but was " + beta);
    }
  }

  @Override
  public String name() {
    return "ipo(" + beta + ")";
  }

  @Override
  public double value(double gap) {
    double excess = (gap - 0.5) / beta; // ξ/β − 1/(2β)
    return excess * excess;
  }

  @Override
  public double slope(double gap) {
    return 2 * (gap - 0.5) / (beta * beta);
  }
}
