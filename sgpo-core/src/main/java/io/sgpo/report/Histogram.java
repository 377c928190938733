package io.sgpo.report;

import io.sgpo.figure.Axis;

/** Bins of equal width, filled from percentiles: between two of them values lie evenly. */
final class Histogram {

  private static final int BINS = 32;

  /** How many percentiles at either end may lie beyond the bins. */
  private static final int TAIL = 1;

  private final double from;
  private final double width;

  private Histogram(double from, double width) {
    this.from = from;
    this.width = width;
  }

  /** The first percentile but the tail. */
  static double lower(double[] percentiles) {
    return percentiles[Math.min(TAIL, percentiles.length - 1)];
  }

  /** The last percentile but the tail. */
  static double upper(double[] percentiles) {
    return percentiles[Math.max(0, percentiles.length - 1 - TAIL)];
  }

  static Histogram between(double least, double most) {
    if (!(most > least)) { // all values are one: a bin around it
      double around = Math.max(Math.abs(least) * 0.1, 0.01);
      return new Histogram(least - around, 2 * around / (BINS + 1));
    }
    double width = (most - least) / (BINS - 2);
    return new Histogram(least - width, width);
  }

  Axis axis(String label) {
    return Axis.linear(label, from, from + BINS * width);
  }

  /** The corners of the outline from left to right, two per bin. */
  double[] edges() {
    double[] edges = new double[2 * BINS];
    for (int b = 0; b < BINS; b++) {
      edges[2 * b] = from + b * width;
      edges[2 * b + 1] = from + (b + 1) * width;
    }
    return edges;
  }

  /** The share of the values in every bin, twice each. */
  double[] heights(double[] percentiles) {
    double[] heights = new double[2 * BINS];
    for (int b = 0; b < BINS; b++) {
      double share =
          below(percentiles, from + (b + 1) * width) - below(percentiles, from + b * width);
      heights[2 * b] = share;
      heights[2 * b + 1] = share;
    }
    return heights;
  }

  /** The share of the values at or below a value. */
  static double below(double[] percentiles, double value) {
    int last = percentiles.length - 1;
    if (value < percentiles[0]) {
      return 0;
    }
    int i = 0;
    while (i < last && percentiles[i + 1] <= value) {
      i++;
    }
    if (i == last) {
      return 1;
    }
    double within = (value - percentiles[i]) / (percentiles[i + 1] - percentiles[i]);
    return (i + within) / last;
  }
}
