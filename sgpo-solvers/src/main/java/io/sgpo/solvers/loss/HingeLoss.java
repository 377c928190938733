package io.sgpo.solvers.loss;

/** {@link PreferenceLoss#hinge()}. */
record HingeLoss() implements PreferenceLoss {
  @Override
  public String name() {
    return "hinge";
  }

  @Override
  public double value(double gap) {
    return Math.max(0, 1 - gap);
  }

  @Override
  public double slope(double gap) {
    return gap < 1 ? -1 : 0;
  }
}
