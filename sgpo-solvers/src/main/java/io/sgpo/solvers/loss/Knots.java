package io.sgpo.solvers.loss;

import java.util.Arrays;

/** Rules for the knots of tangents. */
final class Knots {
  private Knots() {}

  /** K positions equally spaced on [a, b], both ends included; one sits in the middle. */
  static double[] uniform(int count, double lower, double upper) {
    requireCount(count);
    requireInterval(lower, upper);
    double[] knots = new double[count];
    Arrays.setAll(knots, k -> between(lower, upper, share(k, count)));
    return knots;
  }

  /**
   * K empirical quantiles, from the least to the largest; one sits at the median. Quantiles between
   * two values are interpolated linearly.
   */
  static double[] quantiles(int count, double[] gaps) {
    requireCount(count);
    if (gaps.length == 0) {
      throw new IllegalArgumentException("gaps must not be empty");
    }
    for (int i = 0; i < gaps.length; i++) {
      requireFinite("gap", i, gaps[i]);
    }
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    double[] knots = new double[count];
    for (int k = 0; k < count; k++) {
      double position = share(k, count) * (sorted.length - 1);
      int below = (int) position;
      int next = Math.min(below + 1, sorted.length - 1);
      knots[k] = between(sorted[below], sorted[next], position - below);
    }
    return knots;
  }

  /** Where knot k of K is between the first and the last. */
  static double share(int k, int count) {
    return count == 1 ? 0.5 : (double) k / (count - 1);
  }

  static double between(double first, double last, double share) {
    return (1 - share) * first + share * last;
  }

  static void requireCount(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("tangents must be >= 1, but was " + count);
    }
  }

  static void requireInterval(double lower, double upper) {
    requireFinite("lower", lower);
    requireFinite("upper", upper);
    if (lower > upper) {
      throw new IllegalArgumentException(
          "lower must be <= upper, but was " + lower + " > " + upper);
    }
  }

  static void requireFinite(String name, int index, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " " + index + " must be finite, but was " + value);
    }
  }

  private static void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite, but was " + value);
    }
  }
}
