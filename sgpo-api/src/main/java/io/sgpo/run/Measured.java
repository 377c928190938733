package io.sgpo.run;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A measured value with its interval, and what measuring cost.
 *
 * @param value the value; NaN, with a warning that says why, if nothing could be measured
 * @param lower lower end of its 95 % interval, NaN if there is none
 * @param upper upper end, NaN if there is none
 * @param others further values that were measured on the way; they decide nothing
 * @param used what it cost each time, without training steps
 * @param usedOnce what it cost besides at the first measure of a run, such as the answers of the
 *     policy at the start; counted once, also where a resumed run does it again
 * @param warning what users should know of this value, or null
 */
public record Measured(
    double value,
    double lower,
    double upper,
    MetricValues others,
    Usage used,
    Usage usedOnce,
    @Nullable String warning) {

  private static final MetricValues NO_OTHERS = new MetricValues(Map.of());

  /**
   * @throws IllegalArgumentException if a usage counts training steps
   */
  public Measured {
    Objects.requireNonNull(others, "others");
    requireNoSteps("used", used);
    requireNoSteps("usedOnce", usedOnce);
  }

  private static void requireNoSteps(String name, Usage usage) {
    if (usage.steps() != 0) {
      throw new IllegalArgumentException(
          name + " must be without training steps, but had " + usage.steps());
    }
  }

  /** A value with an interval that cost nothing that is counted. */
  public Measured(double value, double lower, double upper) {
    this(value, lower, upper, NO_OTHERS, Usage.NONE, Usage.NONE, null);
  }

  /** A value without an interval. */
  public static Measured of(double value) {
    return new Measured(value, Double.NaN, Double.NaN);
  }

  /**
   * No value: the run goes on with a warning, and neither its best policy nor its patience changes.
   *
   * @param warning why there is none
   */
  public static Measured nothing(String warning) {
    return of(Double.NaN).withWarning(Objects.requireNonNull(warning, "warning"));
  }

  /** The same with further values. */
  public Measured withOthers(MetricValues values) {
    return new Measured(value, lower, upper, values, used, usedOnce, warning);
  }

  /** The same with what it cost. */
  public Measured withUse(Usage each, Usage once) {
    return new Measured(value, lower, upper, others, each, once, warning);
  }

  /** The same with a warning. */
  public Measured withWarning(@Nullable String text) {
    return new Measured(value, lower, upper, others, used, usedOnce, text);
  }
}
