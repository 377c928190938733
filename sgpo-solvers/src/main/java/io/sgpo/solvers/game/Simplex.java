package io.sgpo.solvers.game;

/** The probability simplex as a set of ℝⁿ. */
public final class Simplex {
  private Simplex() {}

  /**
   * The point of the simplex nearest to {@code point} in Euclidean distance,
   *
   * <pre>
   * x_i = max(v_i − θ, 0), θ such that Σ x_i = 1.
   * </pre>
   *
   * θ by Michelot's fixed point (1986): at most n passes, in practice a few, no sort.
   *
   * @param point n {@code >=} 1 finite coordinates; not changed
   * @throws IllegalArgumentException if a coordinate is not finite, or there is none
   */
  public static double[] project(double... point) {
    if (point.length == 0) {
      throw new IllegalArgumentException("point must have at least one coordinate, but had 0");
    }
    for (int i = 0; i < point.length; i++) {
      if (!Double.isFinite(point[i])) {
        throw new IllegalArgumentException("point[" + i + "] must be finite, but was " + point[i]);
      }
    }
    double[] projected = point.clone();
    projectInPlace(projected);
    return projected;
  }

  /** Projects where it stands; coordinates that are not finite give NaN. */
  static void projectInPlace(double[] v) {
    double max = v[0];
    for (double coordinate : v) {
      max = Math.max(max, coordinate);
    }
    double theta = threshold(v, max);
    for (int i = 0; i < v.length; i++) {
      v[i] = Math.max(v[i] - max - theta, 0);
    }
  }

  /** θ − max v. It is at least −1, so coordinates below max − 1 end at zero from the start. */
  private static double threshold(double[] v, double max) {
    double theta = -1;
    int active = v.length + 1;
    while (true) {
      double sum = 0;
      int above = 0;
      for (double coordinate : v) {
        double shifted = coordinate - max;
        if (shifted > theta) {
          sum += shifted;
          above++;
        }
      }
      if (above >= active) {
        return theta;
      }
      active = above;
      theta = (sum - 1) / above; // 0/0, NaN, if no coordinate is comparable
    }
  }
}
