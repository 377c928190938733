package io.sgpo.solvers.loss;

/** Pieces given by their numbers. */
final class AffinePieces implements PiecewiseAffine {
  private final double[] slopes;
  private final double[] intercepts;

  /** Keeps the arrays. */
  AffinePieces(double[] slopes, double[] intercepts) {
    if (slopes.length == 0 || slopes.length != intercepts.length) {
      throw new IllegalArgumentException(
          "slopes and intercepts must be as many, and at least one, but were "
              + slopes.length
              + " and "
              + intercepts.length);
    }
    requireFinite("slope", slopes);
    requireFinite("intercept", intercepts);
    this.slopes = slopes;
    this.intercepts = intercepts;
  }

  @Override
  public double[] slopes() {
    return slopes.clone();
  }

  @Override
  public double[] intercepts() {
    return intercepts.clone();
  }

  private static void requireFinite(String name, double[] values) {
    for (int k = 0; k < values.length; k++) {
      if (!Double.isFinite(values[k])) {
        throw new IllegalArgumentException(
            name + " " + k + " must be finite, but was " + values[k]);
      }
    }
  }
}
