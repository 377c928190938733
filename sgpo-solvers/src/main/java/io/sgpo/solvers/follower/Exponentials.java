package io.sgpo.solvers.follower;

/**
 * e^−|x| of many numbers, in loops of additions and multiplications alone, which a compiler turns
 * into vector instructions; {@code Math.exp} is a call for each.
 *
 * <p>With y = |x|/2^k a polynomial gives q = e^−y − 1, then q(2 + q) = e^−2y − 1 doubles y without
 * cancellation while the result is at most 2, and squares of 1 + q do the rest. Relative error
 * below 2^−45.
 */
final class Exponentials {
  /** Up to here numbers go through the loops. */
  private static final double MOST = 32;

  /** So few numbers do not. */
  private static final int FEW = 16;

  /** Doublings of q, in loops of two. */
  private static final int DOUBLINGS = 8;

  private Exponentials() {}

  /** Overwrites the first {@code count} numbers x with e^−|x|. */
  static void negated(double[] values, int count) {
    double most = 0;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, Math.abs(values[i]));
    }
    if (count < FEW || !(most <= MOST)) {
      for (int i = 0; i < count; i++) {
        values[i] = Math.exp(-Math.abs(values[i]));
      }
      return;
    }
    int squares = Math.max(0, Math.getExponent(most)); // most / 2^squares < 2
    lessOne(values, count, Math.scalb(1.0, -DOUBLINGS - squares));
    for (int doubled = 0; doubled < DOUBLINGS; doubled += 2) {
      doubleTwice(values, count);
    }
    power(values, count, squares);
  }

  /** e^−y − 1 for y = scale |x| below 2^−7, its series to y⁷. */
  private static void lessOne(double[] values, int count, double scale) {
    for (int i = 0; i < count; i++) {
      double y = Math.abs(values[i]) * scale;
      double tail = 1 / 120.0 - y * (1 / 720.0 - y * (1 / 5040.0));
      values[i] = -y * (1 - y * (1 / 2.0 - y * (1 / 6.0 - y * (1 / 24.0 - y * tail))));
    }
  }

  private static void doubleTwice(double[] values, int count) {
    for (int i = 0; i < count; i++) {
      double q = values[i];
      q *= 2 + q;
      values[i] = q * (2 + q);
    }
  }

  /** (1 + q)^(2^squares). */
  private static void power(double[] values, int count, int squares) {
    for (int i = 0; i < count; i++) {
      values[i] += 1;
    }
    for (int squared = 0; squared < squares; squared++) {
      for (int i = 0; i < count; i++) {
        values[i] *= values[i];
      }
    }
  }
}
