package io.sgpo;

import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnswerReport;
import io.sgpo.run.CheckpointReport;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.Progress;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Passes events on to listeners; what one of them throws is logged by its name and goes no further.
 */
final class SafeListener implements AlignmentListener {

  private static final System.Logger LOG = System.getLogger("io.sgpo.Aligner");

  private final List<AlignmentListener> listeners;

  SafeListener(List<AlignmentListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void onProgress(Progress progress) {
    tell(AlignmentListener::onProgress, progress);
  }

  @Override
  public void onStep(StepReport step) {
    tell(AlignmentListener::onStep, step);
  }

  @Override
  public void onGaps(GapReport gaps) {
    tell(AlignmentListener::onGaps, gaps);
  }

  @Override
  public void onAnswers(AnswerReport answers) {
    tell(AlignmentListener::onAnswers, answers);
  }

  @Override
  public void onRound(RoundReport round) {
    tell(AlignmentListener::onRound, round);
  }

  @Override
  public void onResume(CheckpointReport checkpoint) {
    tell(AlignmentListener::onResume, checkpoint);
  }

  @Override
  public void onCheckpoint(CheckpointReport checkpoint) {
    tell(AlignmentListener::onCheckpoint, checkpoint);
  }

  @Override
  public void onEvaluation(EvaluationReport evaluation) {
    tell(AlignmentListener::onEvaluation, evaluation);
  }

  @Override
  public void onEnd(Alignment alignment) {
    tell(AlignmentListener::onEnd, alignment);
  }

  @Override
  public void onWarning(String message) {
    LOG.log(System.Logger.Level.WARNING, message);
    tell(AlignmentListener::onWarning, message);
  }

  private <E> void tell(BiConsumer<AlignmentListener, E> method, E event) {
    for (AlignmentListener listener : listeners) {
      try {
        method.accept(listener, event);
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            () -> "listener " + listener.getClass().getName() + " threw at " + event,
            e);
      }
    }
  }
}
