package io.sgpo.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis.
 *
 * @param label name and unit
 * @param from its lower end; {@code > 0} if logarithmic
 * @param to its upper end, {@code > from}
 * @param scale what lies equally far apart
 */
public record Axis(String label, double from, double to, Scale scale) {

  private static final int MOST_TICKS = 7;

  /** What lies equally far apart. */
  public enum Scale {
    LINEAR,
    /** As linear, but only whole numbers are labelled. */
    WHOLE,
    /** Powers of ten. */
    LOGARITHMIC
  }

  public Axis {
    if (!(from < to) || (scale == Scale.LOGARITHMIC && !(from > 0))) {
      throw new IllegalArgumentException(
          "an axis must rise, and from above 0 if logarithmic, but went from "
              + from
              + " to "
              + to);
    }
  }

  public static Axis linear(String label, double from, double to) {
    return new Axis(label, from, to, Scale.LINEAR);
  }

  /** An axis of counts, such as rounds. */
  public static Axis whole(String label, double from, double to) {
    return new Axis(label, from, to, Scale.WHOLE);
  }

  public static Axis logarithmic(String label, double from, double to) {
    return new Axis(label, from, to, Scale.LOGARITHMIC);
  }

  /** Where a value lies, 0 at the lower end and 1 at the upper one. */
  double share(double value) {
    return scale == Scale.LOGARITHMIC
        ? Math.log(value / from) / Math.log(to / from)
        : (value - from) / (to - from);
  }

  /** Round values to label. */
  List<BigDecimal> ticks() {
    return scale == Scale.LOGARITHMIC ? powers() : multiples();
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
      boolean whole = step.compareTo(BigDecimal.ONE) >= 0;
      if (step.compareTo(least) >= 0 && (whole || scale != Scale.WHOLE)) {
        return scale == Scale.WHOLE ? step.setScale(0) : step;
      }
    }
    BigDecimal ten = power.multiply(BigDecimal.TEN);
    return scale == Scale.WHOLE ? ten.max(BigDecimal.ONE).setScale(0) : ten;
  }
}
