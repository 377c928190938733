package io.sgpo.solvers.selection;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Farthest-point selection (Gonzalez 1985): each point chosen is the one farthest from all chosen
 * before it. The largest distance of a point to the chosen ones is at most twice the smallest
 * possible with as many, up to the metric: the cosine distance is half the square of the chord
 * between unit vectors, and the bound holds for the chord.
 */
public final class FarthestPoint {

  private FarthestPoint() {}

  /**
   * Chooses points by cosine distance, 1 − cos(x, y). A zero vector is at distance 1 from all. Of
   * equally far points the first is taken. O(n · count · dimension) time, in parallel; the result
   * does not depend on the number of threads.
   *
   * @param points n vectors of one dimension, finite; not changed
   * @param count how many to choose, in [1, n]
   * @param first the index of the first one, in [0, n)
   * @return the indices, in the order in which they were chosen; all different
   * @throws IllegalArgumentException if a value is outside its domain, naming it
   */
  public static int[] select(float[][] points, int count, int first) {
    int n = points.length;
    if (count < 1 || count > n) {
      throw new IllegalArgumentException(
          "count must be in [1, n = %d], but was %d".formatted(n, count));
    }
    if (first < 0 || first >= n) {
      throw new IllegalArgumentException(
          "first must be in [0, n = %d), but was %d".formatted(n, first));
    }
    double[] scale = scales(points);
    double[] distance = new double[n];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    int[] chosen = new int[count];
    int next = first;
    for (int k = 0; k < count; k++) {
      chosen[k] = next;
      int last = next;
      IntStream.range(0, n)
          .parallel()
          .forEach(i -> distance[i] = Math.min(distance[i], distance(points, scale, i, last)));
      distance[last] = Double.NEGATIVE_INFINITY; // never again, also among equal points
      next = farthest(distance);
    }
    return chosen;
  }

  /** One over each vector's length; 0 for a zero vector. */
  private static double[] scales(float[][] points) {
    double[] scale = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      if (points[i].length != points[0].length) {
        throw new IllegalArgumentException(
            "points must have one dimension, but points 0 and %d had %d and %d"
                .formatted(i, points[0].length, points[i].length));
      }
      double squares = dot(points[i], points[i]);
      if (!Double.isFinite(squares)) {
        throw new IllegalArgumentException("points must be finite, but point " + i + " is not");
      }
      scale[i] = squares == 0 ? 0 : 1 / Math.sqrt(squares);
    }
    return scale;
  }

  private static double distance(float[][] points, double[] scale, int i, int j) {
    return 1 - dot(points[i], points[j]) * scale[i] * scale[j];
  }

  private static double dot(float[] x, float[] y) {
    double sum = 0;
    for (int d = 0; d < x.length; d++) {
      sum += (double) x[d] * y[d];
    }
    return sum;
  }

  private static int farthest(double[] distance) {
    int best = 0;
    for (int i = 1; i < distance.length; i++) {
      if (distance[i] > distance[best]) {
        best = i;
      }
    }
    return best;
  }
}
