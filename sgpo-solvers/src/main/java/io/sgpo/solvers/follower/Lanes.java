package io.sgpo.solvers.follower;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Sum, least and largest of many numbers, the sum in twice the precision of a double. Numbers are
 * added to 64 sums side by side, in loops over one array that a compiler turns into vector
 * instructions.
 */
final class Lanes implements Serializable {
  private static final int LANES = 64;

  private static final int ERROR = LANES;
  private static final int LEAST = 2 * LANES;
  private static final int LARGEST = 3 * LANES;
  private static final int NEXT = 4 * LANES;

  /** Sums, what they lost to rounding, least and largest numbers, and the numbers that are next. */
  private final double[] cells = new double[5 * LANES];

  Lanes() {
    resetExtremes();
  }

  /** Adds the numbers [from, to). */
  void add(double[] values, int from, int to) {
    int row = from;
    for (; to - row >= LANES; row += LANES) {
      System.arraycopy(values, row, cells, NEXT, LANES);
      addRow(cells);
    }
    for (int lane = 0; row < to; row++, lane++) {
      addOne(cells, lane, values[row]);
    }
  }

  private static void addRow(double[] cells) {
    for (int lane = 0; lane < LANES; lane++) {
      double value = cells[NEXT + lane];
      double sum = cells[lane];
      double next = sum + value;
      double back = next - sum;
      cells[ERROR + lane] += (sum - (next - back)) + (value - back); // Knuth
      cells[lane] = next;
    }
    for (int lane = 0; lane < LANES; lane++) {
      cells[LEAST + lane] = Math.min(cells[LEAST + lane], cells[NEXT + lane]); // NaN stays
    }
    for (int lane = 0; lane < LANES; lane++) {
      cells[LARGEST + lane] = Math.max(cells[LARGEST + lane], cells[NEXT + lane]);
    }
  }

  private static void addOne(double[] cells, int lane, double value) {
    double next = cells[lane] + value;
    cells[ERROR + lane] += DoubleDouble.sumError(cells[lane], value, next);
    cells[lane] = next;
    cells[LEAST + lane] = Math.min(cells[LEAST + lane], value);
    cells[LARGEST + lane] = Math.max(cells[LARGEST + lane], value);
  }

  /** Adds the sum of other lanes, not their extremes. */
  void addSum(Lanes other) {
    DoubleDouble both = sum().plus(other.sum());
    Arrays.fill(cells, 0, 2 * LANES, 0);
    cells[0] = both.high();
    cells[ERROR] = both.low();
  }

  DoubleDouble sum() {
    DoubleDouble sum = DoubleDouble.ZERO;
    for (int lane = 0; lane < LANES; lane++) {
      sum = sum.plus(DoubleDouble.sum(cells[lane], cells[ERROR + lane]));
    }
    return sum;
  }

  /** The least number since the last reset, ∞ without one; NaN if one was NaN. */
  double least() {
    double least = Double.POSITIVE_INFINITY;
    for (int lane = 0; lane < LANES; lane++) {
      least = Math.min(least, cells[LEAST + lane]);
    }
    return least;
  }

  /** The largest number since the last reset, −∞ without one; NaN if one was NaN. */
  double largest() {
    double largest = Double.NEGATIVE_INFINITY;
    for (int lane = 0; lane < LANES; lane++) {
      largest = Math.max(largest, cells[LARGEST + lane]);
    }
    return largest;
  }

  void resetExtremes() {
    Arrays.fill(cells, LEAST, LARGEST, Double.POSITIVE_INFINITY);
    Arrays.fill(cells, LARGEST, NEXT, Double.NEGATIVE_INFINITY);
  }
}
