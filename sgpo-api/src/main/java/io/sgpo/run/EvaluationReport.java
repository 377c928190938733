package io.sgpo.run;

import java.util.Objects;

/**
 * A held-out measure was taken.
 *
 * @param measure its name
 * @param step after how many training steps of the run
 * @param value the value
 * @param best whether no earlier value of the run was as good
 */
public record EvaluationReport(String measure, long step, double value, boolean best) {
  public EvaluationReport {
    Objects.requireNonNull(measure, "measure");
  }
}
