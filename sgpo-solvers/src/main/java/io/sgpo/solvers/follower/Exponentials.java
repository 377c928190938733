package io.sgpo.solvers.follower;

/**
 * e^−|x| of many numbers, inlined where {@code Math.exp} is a call for each: e^−|x| = 2^−(n/32)
 * e^−r with |r| {@code <=} ln 2 / 64 from a table and a polynomial (Tang 1989). Relative error
 * below 2^−51.
 */
final class Exponentials {
  private static final int CELLS = 32;
  private static final double CELLS_PER_UNIT = 46.16624130844683; // 32 / ln 2

  /** ln 2 / 32 in two parts; the first has so few bits that n times it is exact. */
  private static final double CELL_HIGH = 0.021660849390173098;

  private static final double CELL_LOW = 2.325192846878874e-12;

  /** From here on results are not far from subnormal. */
  private static final double LARGE = 708;

  /** The bits of 2^−(j/32). */
  private static final long[] POWERS = new long[CELLS];

  static {
    for (int j = 0; j < CELLS; j++) {
      POWERS[j] = Double.doubleToRawLongBits(Math.pow(2, -j / (double) CELLS));
    }
  }

  private Exponentials() {}

  /** Overwrites the first {@code count} numbers x with e^−|x|. */
  static void negated(double[] values, int count) {
    for (int i = 0; i < count; i++) {
      double x = Math.abs(values[i]);
      values[i] = x < LARGE ? moderate(x) : Math.exp(-x);
    }
  }

  private static double moderate(double x) {
    int n = (int) (x * CELLS_PER_UNIT + 0.5);
    double r = (x - n * CELL_HIGH) - n * CELL_LOW;
    double lessOne = // e^−r − 1, its series to r⁶
        r
            * (r * (1 / 2.0 + r * (r * (1 / 24.0 + r * (r * (1 / 720.0) - 1 / 120.0)) - 1 / 6.0))
                - 1);
    double power = Double.longBitsToDouble(POWERS[n & (CELLS - 1)] - ((long) (n / CELLS) << 52));
    return power + power * lessOne;
  }
}
