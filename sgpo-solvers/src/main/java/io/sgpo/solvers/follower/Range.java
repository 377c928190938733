package io.sgpo.solvers.follower;

import java.io.Serializable;

/** The gaps from {@code from} to {@code to}, both included. */
record Range(double from, double to) implements Serializable {
  /** Below all gaps. */
  static final Range NONE = new Range(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);

  double middle() {
    return 0.5 * from + 0.5 * to;
  }

  /** No gap of the range is further from its middle; rounding keeps that order. */
  double reach() {
    return Math.max(to - middle(), middle() - from);
  }

  boolean isPoint() {
    return from == to;
  }

  /** How many doubles the range goes on after its first, as an unsigned number. */
  long keys() {
    return key(to) - key(from);
  }

  /** Numbers doubles in their order; −0.0 is 0.0. */
  static long key(double gap) {
    long bits = Double.doubleToRawLongBits(gap + 0.0);
    return bits ^ ((bits >> (Long.SIZE - 1)) & Long.MAX_VALUE);
  }
}
