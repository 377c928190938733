package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;

/** {@link PreferenceLoss#sigmoid(double)}. */
record SigmoidLoss(double labelSmoothing) implements PreferenceLoss {
  SigmoidLoss {
    Smoothing.require("labelSmoothing", labelSmoothing);
  }

  @Override
  public String name() {
    return labelSmoothing == 0 ? "sigmoid" : "sigmoid(" + labelSmoothing + ")";
  }

  @Override
  public double value(double gap) {
    GapLoss logistic = GapLoss.logistic();
    return (1 - labelSmoothing) * logistic.value(gap) + labelSmoothing * logistic.value(-gap);
  }

  @Override
  public double slope(double gap) {
    GapLoss logistic = GapLoss.logistic();
    return (1 - labelSmoothing) * logistic.slope(gap) - labelSmoothing * logistic.slope(-gap);
  }
}
