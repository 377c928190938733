package io.sgpo.figure;

import java.util.BitSet;

/**
 * A line with as few points as show it within a tolerance (Ramer 1972; Douglas and Peucker 1973).
 *
 * @param xs in drawing order
 * @param ys as many
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never changed
record Outline(double[] xs, double[] ys) {

  /** In pixels. */
  private static final double TOLERANCE = 0.1;

  static Outline of(double[] xs, double[] ys) {
    BitSet kept = new BitSet(xs.length);
    kept.set(0);
    kept.set(xs.length - 1);
    keep(xs, ys, 0, xs.length - 1, kept);
    return new Outline(
        kept.stream().mapToDouble(i -> xs[i]).toArray(),
        kept.stream().mapToDouble(i -> ys[i]).toArray());
  }

  private static void keep(double[] xs, double[] ys, int first, int last, BitSet kept) {
    int farthest = first;
    double most = TOLERANCE;
    for (int i = first + 1; i < last; i++) {
      double distance = distance(xs, ys, i, first, last);
      if (distance > most) {
        most = distance;
        farthest = i;
      }
    }
    if (farthest != first) {
      kept.set(farthest);
      keep(xs, ys, first, farthest, kept);
      keep(xs, ys, farthest, last, kept);
    }
  }

  /** Of point i from the line through two others. */
  private static double distance(double[] xs, double[] ys, int i, int first, int last) {
    double dx = xs[last] - xs[first];
    double dy = ys[last] - ys[first];
    double length = Math.hypot(dx, dy);
    double ex = xs[i] - xs[first];
    double ey = ys[i] - ys[first];
    return length == 0 ? Math.hypot(ex, ey) : Math.abs(dx * ey - dy * ex) / length;
  }
}
