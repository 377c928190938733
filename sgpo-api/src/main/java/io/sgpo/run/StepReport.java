package io.sgpo.run;

import io.sgpo.policy.StepResult;
import java.util.Objects;

/**
 * One training step.
 *
 * @param round the round, from 1; 0 is the warm start
 * @param step the step within the round, from 1
 * @param steps how many steps the round has
 * @param result loss, gradient norm and tokens
 */
public record StepReport(int round, int step, int steps, StepResult result) {
  public StepReport {
    Objects.requireNonNull(result, "result");
  }
}
