package io.sgpo.examples.cli;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Units a second of a phase, and the seconds until its end, over the time since it was first told
 * of. Not thread-safe.
 */
final class Rate {

  private static final double NANOS = 1e-9;

  private final LongSupplier clock;
  private final long start;
  private final long first;
  private long units;

  /**
   * @param clock in nanoseconds
   * @param done units that were done before
   */
  Rate(LongSupplier clock, long done) {
    this.clock = clock;
    this.start = clock.getAsLong();
    this.first = done;
    this.units = done;
  }

  void at(long done) {
    units = done;
  }

  /** Units a second, NaN before the first. */
  double perSecond() {
    double seconds = (clock.getAsLong() - start) * NANOS;
    return units > first && seconds > 0 ? (units - first) / seconds : Double.NaN;
  }

  /** Such as {@code 3.2/s}, or {@code 12 s each} where units are slow; nothing before the first. */
  String text(String unit) {
    double rate = perSecond();
    if (Double.isNaN(rate)) {
      return "";
    }
    return rate >= 1
        ? String.format(Locale.ROOT, rate >= 100 ? "%.0f %s/s" : "%.1f %s/s", rate, unit)
        : String.format(Locale.ROOT, "%.1f s/%s", 1 / rate, singular(unit));
  }

  private static String singular(String unit) {
    return unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
  }

  /** Time until so many units are done, as {@code 1:05:09} or {@code 5:09}; nothing if unknown. */
  String remaining(long total) {
    double rate = perSecond();
    if (Double.isNaN(rate) || total <= units) {
      return "";
    }
    long seconds = Math.round((total - units) / rate);
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
