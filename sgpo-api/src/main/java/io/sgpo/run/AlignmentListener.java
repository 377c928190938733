package io.sgpo.run;

/**
 * Hears of a run's events. Events are immutable and arrive in order on the thread that called
 * {@code align()}. An exception thrown by a listener is logged under the listener's class name and
 * does not stop the run; an {@link Error} does.
 */
public interface AlignmentListener {

  /** A phase advanced. */
  default void onProgress(Progress progress) {}

  /** A training step was applied. */
  default void onStep(StepReport step) {}

  /** The gaps of a round's pairs, before and after its training. */
  default void onGaps(GapReport gaps) {}

  /** Some of the answers of a round. */
  default void onAnswers(AnswerReport answers) {}

  /** A round ended. */
  default void onRound(RoundReport round) {}

  /** The run goes on from a checkpoint. */
  default void onResume(CheckpointReport checkpoint) {}

  /** A checkpoint was written. */
  default void onCheckpoint(CheckpointReport checkpoint) {}

  /** A held-out measure was taken. */
  default void onEvaluation(EvaluationReport evaluation) {}

  /** The run ended without an error: finished, or stopped as the ending says. */
  default void onEnd(Alignment alignment) {}

  /** Something a user should know, such as a radius close to saturation. */
  default void onWarning(String message) {}
}
