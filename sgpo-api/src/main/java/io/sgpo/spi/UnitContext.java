package io.sgpo.spi;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.AnswerReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.Progress;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.run.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * The context of one run. What a unit records is held here until {@link #commit}, and dropped by
 * {@link #rollback}.
 */
final class UnitContext implements RunContext {

  /** What one unit did. */
  record Done(
      List<AnnotatedPair> annotations,
      List<StepReport> steps,
      List<GapReport> gaps,
      List<AnswerReport> answers,
      List<RoundReport> rounds,
      Usage used) {

    /** Whether it annotated or judged and did not train. */
    boolean annotated() {
      return steps.isEmpty() && (!annotations.isEmpty() || used.tokens() > 0);
    }
  }

  private final FrozenPolicy reference;
  private final FrozenPolicies frozen;
  private final RunHistory history;
  private final AlignmentListener recording;
  private final PhaseClock clock;
  private final List<AnnotatedPair> annotations = new ArrayList<>();
  private final List<StepReport> steps = new ArrayList<>();
  private final List<GapReport> gaps = new ArrayList<>();
  private final List<AnswerReport> answers = new ArrayList<>();
  private final List<RoundReport> rounds = new ArrayList<>();
  private Usage used = Usage.NONE;

  UnitContext(
      FrozenPolicy reference,
      FrozenPolicies frozen,
      RunHistory history,
      PhaseClock clock,
      AlignmentListener listener) {
    this.reference = reference;
    this.frozen = frozen;
    this.history = history;
    this.clock = clock;
    this.recording = new Recording(listener);
  }

  /** What the unit did; the next one starts empty. */
  Done commit() {
    Done done =
        new Done(
            List.copyOf(annotations),
            List.copyOf(steps),
            List.copyOf(gaps),
            List.copyOf(answers),
            List.copyOf(rounds),
            used);
    frozen.commit();
    clear();
    return done;
  }

  void rollback() {
    frozen.rollback();
    clear();
  }

  private void clear() {
    annotations.clear();
    steps.clear();
    gaps.clear();
    answers.clear();
    rounds.clear();
    used = Usage.NONE;
  }

  @Override
  public AlignmentListener listener() {
    return recording;
  }

  @Override
  public FrozenPolicy reference() {
    return reference;
  }

  @Override
  public List<AnnotatedPair> annotations() {
    return history.annotations();
  }

  @Override
  public void annotated(AnnotatedPair pair) {
    annotations.add(pair);
  }

  @Override
  public void sampled(long tokens) {
    used = used.plus(new Usage(0, tokens, 0));
  }

  @Override
  public void judged(long comparisons) {
    used = used.plus(new Usage(0, 0, comparisons));
  }

  @Override
  public FrozenPolicy freeze(String name) {
    return frozen.freeze(name, history.used().steps());
  }

  @Override
  public FrozenPolicy frozen(String name) {
    return frozen.get(name);
  }

  /** Records what is told on its way to the listener. */
  private final class Recording implements AlignmentListener {

    private final AlignmentListener listener;

    Recording(AlignmentListener listener) {
      this.listener = listener;
    }

    @Override
    public void onProgress(Progress progress) {
      clock.lap(progress.phase());
      listener.onProgress(progress);
    }

    @Override
    public void onStep(StepReport step) {
      steps.add(step);
      used = used.plus(new Usage(1, step.result().tokens(), 0));
      listener.onStep(step);
    }

    @Override
    public void onGaps(GapReport report) {
      gaps.add(report);
      listener.onGaps(report);
    }

    @Override
    public void onAnswers(AnswerReport report) {
      answers.add(report);
      listener.onAnswers(report);
    }

    @Override
    public void onRound(RoundReport round) {
      rounds.add(round);
      listener.onRound(round);
    }

    @Override
    public void onWarning(String message) {
      listener.onWarning(message);
    }
  }
}
