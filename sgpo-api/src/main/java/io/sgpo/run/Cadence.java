package io.sgpo.run;

import java.time.Duration;
import java.util.Objects;

/**
 * How often checkpoints are written, besides those that are always written: after every round and
 * every chunk of annotations, and when a run stops.
 *
 * @param steps after how many training steps at the latest, {@code >= 1}; {@link Long#MAX_VALUE}
 *     for any number
 * @param time after what time at the latest, {@code >= 0}
 */
public record Cadence(long steps, Duration time) {

  /** Every five minutes. */
  public static final Cadence DEFAULT = new Cadence(Long.MAX_VALUE, Duration.ofMinutes(5));

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public Cadence {
    Objects.requireNonNull(time, "time");
    if (steps < 1) {
      throw new IllegalArgumentException("checkpointEvery must be >= 1 step, but was " + steps);
    }
    if (time.isNegative()) {
      throw new IllegalArgumentException("checkpointEvery must be >= 0, but was " + time);
    }
  }
}
