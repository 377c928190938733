package io.sgpo.solvers.follower;

import java.io.Serializable;

/**
 * The unevaluated sum of two doubles, about 106 bits: what the follower compares budgets in.
 * Algorithms of Dekker 1971 and Knuth; a number that is not finite has a low part of 0.
 */
record DoubleDouble(double high, double low) implements Serializable {
  static final DoubleDouble ZERO = new DoubleDouble(0, 0);

  /** a + b, exactly. */
  static DoubleDouble sum(double a, double b) {
    double sum = a + b;
    return new DoubleDouble(sum, Double.isInfinite(sum) ? 0 : sumError(a, b, sum));
  }

  /** n · a for n below 2^53, exactly unless it underflows. */
  static DoubleDouble product(long count, double a) {
    double n = (double) count;
    double product = n * a;
    return new DoubleDouble(product, Double.isInfinite(product) ? 0 : Math.fma(n, a, -product));
  }

  /** a · b, exactly unless it underflows. */
  static DoubleDouble product(double a, double b) {
    double product = a * b;
    return new DoubleDouble(product, Double.isInfinite(product) ? 0 : Math.fma(a, b, -product));
  }

  /** What a + b lost when it was rounded to {@code sum}. */
  static double sumError(double a, double b, double sum) {
    double back = sum - a;
    return (a - (sum - back)) + (b - back);
  }

  DoubleDouble plus(DoubleDouble other) {
    DoubleDouble highs = sum(high, other.high);
    DoubleDouble lows = sum(low, other.low);
    DoubleDouble middle = sum(highs.high, highs.low + lows.high);
    return sum(middle.high, middle.low + lows.low);
  }

  DoubleDouble minus(DoubleDouble other) {
    return plus(new DoubleDouble(-other.high, -other.low));
  }

  /** Rounded to a double. */
  double value() {
    return high + low;
  }
}
