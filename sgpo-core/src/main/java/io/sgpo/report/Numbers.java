package io.sgpo.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;

/** Numbers as they are read. */
final class Numbers {

  private static final MathContext DIGITS = new MathContext(4);
  private static final double LEAST_PLAIN = 1e-4;
  private static final double MOST_PLAIN = 1e7;

  private Numbers() {}

  /** Four significant digits; whole numbers as they are. */
  static String word(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    double size = Math.abs(value);
    String word;
    if (value == Math.rint(value) && size < 1e15) {
      word = String.valueOf((long) value);
    } else if (size >= LEAST_PLAIN && size < MOST_PLAIN) {
      word = new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    } else {
      word = new BigDecimal(value).round(DIGITS).stripTrailingZeros().toString().replace('E', 'e');
    }
    return word.replace('-', '−');
  }

  /** Such as {@code 2 h 05 min}. */
  static String word(Duration time) {
    if (time.toHours() > 0) {
      return "%d h %02d min".formatted(time.toHours(), time.toMinutesPart());
    }
    if (time.toMinutes() > 0) {
      return "%d min %02d s".formatted(time.toMinutes(), time.toSecondsPart());
    }
    return time.toSeconds() + "." + time.toMillisPart() / 100 + " s";
  }
}
