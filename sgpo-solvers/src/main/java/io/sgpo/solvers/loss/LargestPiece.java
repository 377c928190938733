package io.sgpo.solvers.loss;

/** max_k (a_k z + b_k). */
final class LargestPiece implements LineLoss {
  private final double[] slopes;
  private final double[] intercepts;

  /** Keeps the arrays. */
  LargestPiece(double[] slopes, double[] intercepts) {
    this.slopes = slopes;
    this.intercepts = intercepts;
  }

  @Override
  public String name() {
    return "piecewise affine(" + slopes.length + ")";
  }

  @Override
  public double value(double z) {
    return at(piece(z), z);
  }

  @Override
  public double slope(double z) {
    return slopes[piece(z)];
  }

  @Override
  public double lipschitz(double left, double right) {
    double steepest = 0;
    for (double slope : slopes) {
      steepest = Math.max(steepest, Math.abs(slope));
    }
    return steepest;
  }

  @Override
  public double weakConvexity(double left, double right) {
    return 0;
  }

  @Override
  public String toString() {
    return name();
  }

  private int piece(double z) {
    int best = 0;
    for (int k = 1; k < slopes.length; k++) {
      best = at(k, z) > at(best, z) ? k : best;
    }
    return best;
  }

  private double at(int k, double z) {
    return slopes[k] * z + intercepts[k];
  }
}
