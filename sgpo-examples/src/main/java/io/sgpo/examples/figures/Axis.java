package io.sgpo.examples.figures;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear or logarithmic axis.
 *
 * @param label name and unit
 * @param from its lower end; {@code > 0} if logarithmic
 * @param to its upper end, {@code > from}
 * @param logarithmic whether powers of ten are equally far apart
 */
record Axis(String label, double from, double to, boolean logarithmic) {

  private static final int MOST_TICKS = 7;

  Axis {
    if (!(from < to) || (logarithmic && !(from > 0))) {
      throw new IllegalArgumentException(
          "an axis must rise, and from above 0 if logarithmic, but went from "
              + from
              + " to "
              + to);
    }
  }

  static Axis linear(String label, double from, double to) {
    return new Axis(label, from, to, false);
  }

  static Axis logarithmic(String label, double from, double to) {
    return new Axis(label, from, to, true);
  }

  /** Where a value lies, 0 at the lower end and 1 at the upper one. */
  double share(double value) {
    return logarithmic
        ? Math.log(value / from) / Math.log(to / from)
        : (value - from) / (to - from);
  }

  /** Round values to label. */
  List<BigDecimal> ticks() {
    return logarithmic ? powers() : multiples();
  }

  private List<BigDecimal> powers() {
    List<BigDecimal> ticks = new ArrayList<>();
    int first = (int) Math.ceil(Math.log10(from) - 1e-9);
    for (int power = first; power <= Math.log10(to) + 1e-9; power++) {
      ticks.add(BigDecimal.ONE.scaleByPowerOfTen(power));
    }
    return ticks;
  }

  private List<BigDecimal> multiples() {
    BigDecimal step = step();
    List<BigDecimal> ticks = new ArrayList<>();
    BigDecimal tick = BigDecimal.valueOf(from).divide(step, 0, RoundingMode.CEILING).multiply(step);
    for (; tick.doubleValue() <= to; tick = tick.add(step)) {
      ticks.add(tick);
    }
    return ticks;
  }

  /** The least of 1, 2, 5 times a power of ten that does not crowd the axis. */
  private BigDecimal step() {
    BigDecimal least = new BigDecimal((to - from) / MOST_TICKS, new MathContext(6));
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(least.precision() - least.scale() - 1);
    for (int factor : new int[] {1, 2, 5}) {
      BigDecimal step = power.multiply(BigDecimal.valueOf(factor));
      if (step.compareTo(least) >= 0) {
        return step;
      }
    }
    return power.multiply(BigDecimal.TEN);
  }
}
