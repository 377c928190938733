package io.sgpo.run;

import java.util.Map;
import java.util.Objects;

/**
 * A held-out measure was taken.
 *
 * @param measure its name
 * @param step after how many training steps of the run
 * @param value the value
 * @param lower lower end of its 95 % interval, NaN if it has none
 * @param upper upper end, NaN if it has none
 * @param best whether no earlier value of the run was as good
 * @param others further values that were measured on the way
 */
public record EvaluationReport(
    String measure,
    long step,
    double value,
    double lower,
    double upper,
    boolean best,
    MetricValues others) {
  public EvaluationReport {
    Objects.requireNonNull(measure, "measure");
    Objects.requireNonNull(others, "others");
  }

  /** One value with an interval. */
  public EvaluationReport(
      String measure, long step, double value, double lower, double upper, boolean best) {
    this(measure, step, value, lower, upper, best, new MetricValues(Map.of()));
  }

  /** A value without an interval. */
  public EvaluationReport(String measure, long step, double value, boolean best) {
    this(measure, step, value, Double.NaN, Double.NaN, best);
  }
}
