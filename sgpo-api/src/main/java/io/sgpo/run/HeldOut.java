package io.sgpo.run;

import java.util.Objects;

/**
 * When a held-out measure is taken, and what follows from it.
 *
 * @param measure what is measured, first at the start of the run
 * @param everySteps after how many training steps each, {@code >= 1}; 0 for after every round
 * @param patience after how many measures in a row that are no better the run stops, {@code >= 1};
 *     {@link Integer#MAX_VALUE} for never
 * @param keepBest whether the policy is brought back at the end to where it measured best, the
 *     first of equals
 */
public record HeldOut(Measure measure, int everySteps, int patience, boolean keepBest) {

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public HeldOut {
    Objects.requireNonNull(measure, "measure");
    if (everySteps < 0) {
      throw new IllegalArgumentException("everySteps must be >= 0, but was " + everySteps);
    }
    if (patience < 1) {
      throw new IllegalArgumentException("patience must be >= 1, but was " + patience);
    }
  }

  /** After every round, no early stop, the best is kept. */
  public static HeldOut of(Measure measure) {
    return new HeldOut(measure, 0, Integer.MAX_VALUE, /* keepBest= */ true);
  }

  public HeldOut withEverySteps(int value) {
    return new HeldOut(measure, value, patience, keepBest);
  }

  public HeldOut withPatience(int value) {
    return new HeldOut(measure, everySteps, value, keepBest);
  }

  public HeldOut withKeepBest(boolean value) {
    return new HeldOut(measure, everySteps, patience, value);
  }
}
