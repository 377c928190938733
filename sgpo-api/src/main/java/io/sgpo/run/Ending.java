package io.sgpo.run;

/** How a run ended. All but {@link #FINISHED} can be resumed from a run directory. */
public enum Ending {
  /** All rounds and steps were done. */
  FINISHED,
  /** The budget of steps was used up. */
  STEP_BUDGET,
  /** The budget of tokens was used up. */
  TOKEN_BUDGET,
  /** The budget of judge calls was used up. */
  JUDGE_BUDGET,
  /** The time was up. */
  TIME_BUDGET,
  /** The held-out measure had not improved for as long as the patience lasts. */
  EARLY_STOP,
  /** It was cancelled, or its thread interrupted. */
  CANCELLED
}
