package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;

/** {@link PreferenceLoss#robust(double)}. */
record RobustLoss(double flipProbability) implements PreferenceLoss {
  RobustLoss {
    Smoothing.require("flipProbability", flipProbability);
  }

  @Override
  public String name() {
    return "robust(" + flipProbability + ")";
  }

  @Override
  public double value(double gap) {
    GapLoss logistic = GapLoss.logistic();
    return ((1 - flipProbability) * logistic.value(gap) - flipProbability * logistic.value(-gap))
        / (1 - 2 * flipProbability);
  }

  @Override
  public double slope(double gap) {
    GapLoss logistic = GapLoss.logistic();
    return ((1 - flipProbability) * logistic.slope(gap) + flipProbability * logistic.slope(-gap))
        / (1 - 2 * flipProbability);
  }
}
