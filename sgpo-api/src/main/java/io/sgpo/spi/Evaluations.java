package io.sgpo.spi;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.HeldOut;
import io.sgpo.run.Measure;
import io.sgpo.run.Measured;
import io.sgpo.run.RunRefusedException;
import io.sgpo.run.RunState;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes the held-out measure when it is due, and keeps the policy where it was best. What was
 * measured is carried through a part of the run that does not measure.
 */
final class Evaluations {

  private static final String DUE = "evaluationDue";
  private static final String MEASURE = "measure";
  private static final String HIGHER_IS_BETTER = "higherIsBetter";
  private static final String USED_ONCE = "measureUsedOnce";
  private static final String BEST_VALUE = "bestValue";
  private static final String BEST = "best";

  private final @Nullable HeldOut heldOut;
  private final TrainablePolicy policy;
  private final FrozenPolicy start;
  private final KeptStates states;

  /** What measured the best value, also if this part of the run does not measure. */
  private @Nullable String measure;

  private boolean higherIsBetter;
  private boolean due;
  private boolean usedOnce;
  private @Nullable String best;
  private double bestValue = Double.NaN;

  Evaluations(
      @Nullable HeldOut heldOut, TrainablePolicy policy, FrozenPolicy start, KeptStates states) {
    this.heldOut = heldOut;
    this.policy = policy;
    this.start = start;
    this.states = states;
    if (heldOut != null) {
      due = true;
      measure = heldOut.measure().name();
      higherIsBetter = heldOut.measure().higherIsBetter();
    }
  }

  /** The measure and what it depends on, by name; nothing without one. */
  static Map<String, String> description(@Nullable HeldOut heldOut) {
    Map<String, String> description = new TreeMap<>();
    if (heldOut != null) {
      Measure measure = heldOut.measure();
      description.putAll(measure.settings());
      description.put(MEASURE, measure.name());
      description.put(HIGHER_IS_BETTER, String.valueOf(measure.higherIsBetter()));
    }
    return description;
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
    String name = heldOut.measure().name();
    requireValue(name, step, measured);
    due = false;
    count(measured, history);
    if (measured.warning() != null) {
      listener.onWarning(name + " at step " + step + ": " + measured.warning());
    }
    if (!Double.isNaN(measured.value())) {
      EvaluationReport report = report(heldOut, step, measured);
      history.add(report);
      journal.add(report);
      listener.onEvaluation(report);
    }
    return true;
  }

  private static void requireValue(String name, long step, Measured measured) {
    if (Double.isNaN(measured.value()) && measured.warning() == null) {
      throw new ArithmeticException(
          "the measure " + name + " must not be NaN, but was at step " + step);
    }
  }

  private void count(Measured measured, RunHistory history) {
    history.use(measured.used());
    if (!usedOnce) {
      history.use(measured.usedOnce());
      usedOnce = true;
    }
  }

  private EvaluationReport report(HeldOut taken, long step, Measured measured) {
    double value = measured.value();
    boolean improved = Double.isNaN(bestValue) || better(value);
    if (improved) {
      best = taken.keepBest() ? states.keep(policy, step) : null;
      bestValue = value;
    }
    return new EvaluationReport(
        taken.measure().name(),
        step,
        value,
        measured.lower(),
        measured.upper(),
        improved,
        measured.others());
  }

  private boolean better(double value) {
    return higherIsBetter ? value > bestValue : value < bestValue;
  }

  boolean patienceIsOver(RunHistory history) {
    return heldOut != null && history.withoutImprovement() >= heldOut.patience();
  }

  /** The name of the state in which the policy was best, if it is kept. */
  Optional<String> best() {
    return Optional.ofNullable(best);
  }

  void bringBackTheBest(AlignmentListener listener) {
    if (heldOut == null || !heldOut.keepBest()) {
      return;
    }
    if (best != null) {
      states.restore(best, policy);
    } else if (!Double.isNaN(bestValue)) {
      listener.onWarning(
          "the policy with the best %s, %s, was measured with keepBest false and is not kept, so the last one is left"
              .formatted(measure, bestValue));
    }
  }

  void save(RunState state) {
    state.put(DUE, due).put(USED_ONCE, usedOnce).put(BEST_VALUE, bestValue);
    if (measure != null) {
      state.put(MEASURE, measure).put(HIGHER_IS_BETTER, higherIsBetter);
    }
    if (best != null) {
      state.put(BEST, best);
    }
  }

  /**
   * Goes on with what was measured.
   *
   * @throws RunRefusedException if that was another measure
   */
  void restore(RunState state) {
    boolean measured = state.has(MEASURE);
    if (measured) {
      requireSame(state.text(MEASURE), state.flag(HIGHER_IS_BETTER));
      measure = state.text(MEASURE);
      higherIsBetter = state.flag(HIGHER_IS_BETTER);
    }
    due = heldOut != null && (state.flag(DUE) || !measured);
    usedOnce = state.flag(USED_ONCE);
    bestValue = state.number(BEST_VALUE);
    best = state.has(BEST) ? state.text(BEST) : null;
  }

  private void requireSame(String was, boolean higherWasBetter) {
    if (heldOut != null && !(was.equals(measure) && higherWasBetter == higherIsBetter)) {
      throw new RunRefusedException(
          "a run is resumed with the held-out measure it was started with, but it was %s and is %s"
              .formatted(text(was, higherWasBetter), text(measure, higherIsBetter)));
    }
  }

  private static String text(@Nullable String name, boolean higher) {
    return name + (higher ? " (higher is better)" : " (lower is better)");
  }
}
