package io.sgpo.report;

import io.sgpo.figure.Axis;
import java.util.Arrays;

/** Axes that hold what is drawn. */
final class Ranges {

  private static final double MARGIN = 0.06;

  private Ranges() {}

  /** An axis that holds all finite values with a margin. */
  static Axis holding(String label, double... values) {
    double least = least(values);
    double most = most(values);
    double margin = most > least ? MARGIN * (most - least) : Math.max(Math.abs(most) * 0.1, 0.01);
    return Axis.linear(label, least - margin, most + margin);
  }

  /** As {@link #holding}, from 0. */
  static Axis fromZero(String label, double... values) {
    double most = most(values);
    return Axis.linear(label, 0, most > 0 ? most * (1 + MARGIN) : 1);
  }

  /** An axis of rounds or steps. */
  static Axis counting(String label, double from, double to) {
    double margin = Math.max(MARGIN * (to - from), to > from ? 0 : 0.5);
    return Axis.whole(label, from - margin, to + margin);
  }

  private static double least(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
  }

  private static double most(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).max().orElse(0);
  }
}
