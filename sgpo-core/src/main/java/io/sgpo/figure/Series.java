package io.sgpo.figure;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Points of a diagram.
 *
 * @param label in the legend; equal labels of a figure must have equal styles
 * @param style which of the figure's colours and dashes
 * @param form how they are shown
 * @param xs in drawing order
 * @param ys as many
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
public record Series(String label, Style style, Form form, double[] xs, double[] ys) {

  /** How points are shown. */
  public enum Form {
    /** Joined by a line. */
    LINE,
    /** Joined by a thin line. */
    THIN,
    /** Joined by a line, each marked. */
    DOTTED,
    /** Each marked. */
    POINTS,
    /** Joined by a line, the area below filled. */
    AREA
  }

  public Series {
    if (xs.length != ys.length) {
      throw new IllegalArgumentException(
          "xs and ys must be as long, but were " + xs.length + " and " + ys.length);
    }
  }

  /** The class of its line. */
  String lineType() {
    return form == Form.THIN ? style.line() + " thin" : style.line();
  }

  /** A line. */
  public static Series line(String label, Style style, double[] xs, double[] ys) {
    return new Series(label, style, Form.LINE, xs, ys);
  }

  /** A line over the xs. */
  public static Series line(String label, Style style, double[] xs, DoubleUnaryOperator y) {
    return line(label, style, xs, Arrays.stream(xs).map(y).toArray());
  }

  /** A line with a dot on every point. */
  public static Series dotted(String label, Style style, double[] xs, DoubleUnaryOperator y) {
    return new Series(label, style, Form.DOTTED, xs, Arrays.stream(xs).map(y).toArray());
  }
}
