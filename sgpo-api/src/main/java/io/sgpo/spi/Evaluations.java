package io.sgpo.spi;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.HeldOut;
import io.sgpo.run.Measured;
import io.sgpo.run.RunState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the held-out measure when it is due, and keeps the policy where it was best. */
final class Evaluations {

  private final @Nullable HeldOut heldOut;
  private final TrainablePolicy policy;
  private final FrozenPolicy start;
  private final KeptStates states;
  private boolean due;
  private @Nullable String best;
  private double bestValue = Double.NaN;

  Evaluations(
      @Nullable HeldOut heldOut, TrainablePolicy policy, FrozenPolicy start, KeptStates states) {
    this.heldOut = heldOut;
    this.policy = policy;
    this.start = start;
    this.states = states;
    this.due = heldOut != null;
  }

  /** Notes whether what was done makes a measure due. */
  void after(UnitContext.Done done, long step) {
    if (heldOut == null) {
      return;
    }
    int every = heldOut.everySteps();
    due |= every == 0 ? !done.rounds().isEmpty() : !done.steps().isEmpty() && step % every == 0;
  }

  /** Whether one was due and taken. */
  boolean takeIfDue(RunHistory history, Journal journal, AlignmentListener listener) {
    if (heldOut == null || !due) {
      return false;
    }
    long step = history.used().steps();
    Measured measured = heldOut.measure().measure(policy, start);
    double value = measured.value();
    if (Double.isNaN(value)) {
      throw new ArithmeticException(
          "the measure " + heldOut.measure().name() + " must not be NaN, but was at step " + step);
    }
    boolean improved = Double.isNaN(bestValue) || better(heldOut, value);
    if (improved) {
      best = heldOut.keepBest() ? states.keep(policy, step) : null;
      bestValue = value;
    }
    due = false;
    EvaluationReport report =
        new EvaluationReport(
            heldOut.measure().name(), step, value, measured.lower(), measured.upper(), improved);
    history.add(report);
    journal.add(report);
    listener.onEvaluation(report);
    return true;
  }

  private boolean better(HeldOut taken, double value) {
    return taken.measure().higherIsBetter() ? value > bestValue : value < bestValue;
  }

  boolean patienceIsOver(RunHistory history) {
    return heldOut != null && history.withoutImprovement() >= heldOut.patience();
  }

  /** The name of the state in which the policy was best, if it is kept. */
  Optional<String> best() {
    return Optional.ofNullable(best);
  }

  void bringBackTheBest() {
    if (best != null) {
      states.restore(best, policy);
    }
  }

  void save(RunState state) {
    state.put("evaluationDue", due).put("bestValue", bestValue);
    if (best != null) {
      state.put("best", best);
    }
  }

  void restore(RunState state) {
    due = heldOut != null && state.flag("evaluationDue");
    bestValue = state.number("bestValue");
    best = state.has("best") ? state.text("best") : null;
  }
}
