package io.sgpo.examples.figures;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Points to be joined by a line.
 *
 * @param label in the legend; equal labels of a figure must have equal styles
 * @param style which of the figure's colours and dashes
 * @param dots whether each point is marked
 * @param xs in drawing order
 * @param ys as many
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never changed
record Series(String label, Style style, boolean dots, double[] xs, double[] ys) {

  Series {
    if (xs.length != ys.length) {
      throw new IllegalArgumentException(
          "xs and ys must be as long, but were " + xs.length + " and " + ys.length);
    }
  }

  /** A line. */
  static Series line(String label, Style style, double[] xs, double[] ys) {
    return new Series(label, style, false, xs, ys);
  }

  /** A line over the xs. */
  static Series line(String label, Style style, double[] xs, DoubleUnaryOperator y) {
    return line(label, style, xs, Arrays.stream(xs).map(y).toArray());
  }

  /** A line with a dot on every point. */
  static Series dotted(String label, Style style, double[] xs, DoubleUnaryOperator y) {
    return new Series(label, style, true, xs, Arrays.stream(xs).map(y).toArray());
  }
}
