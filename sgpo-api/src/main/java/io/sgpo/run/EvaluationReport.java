package io.sgpo.run;

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
 */
public record EvaluationReport(
    String measure, long step, double value, double lower, double upper, boolean best) {
  public EvaluationReport {
    Objects.requireNonNull(measure, "measure");
  }

  /** A value without an interval. */
  public EvaluationReport(String measure, long step, double value, boolean best) {
    this(measure, step, value, Double.NaN, Double.NaN, best);
  }
}
