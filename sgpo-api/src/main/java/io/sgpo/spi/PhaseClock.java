package io.sgpo.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Wall-clock time by phase: each lap takes the time since the one before it. Not part of any state.
 */
final class PhaseClock {

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private final Map<String, Long> sums = new LinkedHashMap<>();
  private long last;

  PhaseClock() {
    this(System::nanoTime);
  }

  /**
   * @param nanos a clock
   */
  PhaseClock(LongSupplier nanos) {
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** Ends a piece of a phase now. */
  void lap(String phase) {
    long now = nanos.getAsLong();
    sums.merge(phase, now - last, Long::sum);
    last = now;
  }

  /** Seconds by phase, in the order in which phases first ended. */
  Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    sums.forEach((phase, sum) -> seconds.put(phase, sum / SECOND));
    return seconds;
  }
}
