package io.sgpo.train;

import io.sgpo.run.Option;
import io.sgpo.run.Options;
import java.util.Objects;

/**
 * How long to train.
 *
 * @param count how many, {@code >= 0}
 * @param unit of what
 */
public record Extent(int count, Unit unit) {

  /** What is counted. */
  public enum Unit {
    /** Optimizer steps. */
    STEPS,
    /** Passes over the items. */
    EPOCHS
  }

  /**
   * @throws IllegalArgumentException if the count is negative
   */
  public Extent {
    Objects.requireNonNull(unit, "unit");
    if (count < 0) {
      throw new IllegalArgumentException("count must be >= 0, but was " + count);
    }
  }

  public static Extent steps(int count) {
    return new Extent(count, Unit.STEPS);
  }

  public static Extent epochs(int count) {
    return new Extent(count, Unit.EPOCHS);
  }

  /**
   * What was set, or the default.
   *
   * @throws IllegalStateException if both options are set
   */
  public static Extent from(
      Options options, Option<Integer> steps, Option<Integer> epochs, Extent byDefault) {
    if (options.isSet(steps) && options.isSet(epochs)) {
      throw new IllegalStateException(
          "set either %s or %s, not both: they were %d and %d"
              .formatted(
                  steps.name(), epochs.name(), options.require(steps), options.require(epochs)));
    }
    return options
        .get(steps)
        .map(Extent::steps)
        .or(() -> options.get(epochs).map(Extent::epochs))
        .orElse(byDefault);
  }

  /**
   * The number of steps.
   *
   * @param items how many items there are
   * @param batchSize items per step
   * @throws IllegalStateException if the steps of that many epochs are no int
   */
  public int steps(int items, int batchSize) {
    if (unit == Unit.STEPS) {
      return count;
    }
    long perEpoch = ((long) items + batchSize - 1) / batchSize;
    long total = perEpoch * count;
    if (total > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          count + " epochs of " + perEpoch + " steps must be <= " + Integer.MAX_VALUE + " steps");
    }
    return (int) total;
  }
}
