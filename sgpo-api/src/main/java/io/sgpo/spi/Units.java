package io.sgpo.spi;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.CheckpointReport;
import io.sgpo.run.Ending;
import io.sgpo.run.JudgeFailedException;
import io.sgpo.run.RunState;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The units of work of a run, one after the other: records what each did, measures, writes
 * checkpoints, and stops where it should.
 */
final class Units {

  /** Phases besides those of the engine's progress. */
  private static final String START = "start";

  private static final String EVALUATE = "evaluate";
  private static final String CHECKPOINT = "checkpoint";

  private final RunControl control;
  private final SteppedRun run;
  private final TrainablePolicy policy;
  private final RunRecord record;
  private final KeptStates states;
  private final FrozenPolicies frozen;
  private final FrozenPolicy reference;
  private final AlignmentListener listener;
  private final Journal journal;
  private final PhaseClock clock = new PhaseClock();
  private final long started = System.nanoTime();
  private RunHistory history = new RunHistory();
  private Evaluations evaluations;
  private UnitContext context;
  private SteppedRun.@Nullable Session session;
  private long checkpointStep;
  private long checkpointTime = System.nanoTime();

  Units(
      RunControl control,
      SteppedRun run,
      RunRecord record,
      KeptStates states,
      FrozenPolicies frozen,
      FrozenPolicy reference) {
    this.control = control;
    this.run = run;
    this.policy = run.policy();
    this.record = record;
    this.states = states;
    this.frozen = frozen;
    this.reference = reference;
    this.listener = control.listener();
    this.journal = new Journal(record);
    this.evaluations = new Evaluations(control.heldOut(), policy, reference, states);
    this.context = new UnitContext(reference, frozen, history, clock, listener);
  }

  /** From the beginning. */
  void start() {
    session = run.start(context);
    clock.lap(START);
  }

  /** From a checkpoint. */
  void resume(RunRecord.Checkpoint checkpoint) {
    RunState state = checkpoint.state();
    history = RunHistory.of(state, checkpoint.annotations());
    evaluations.restore(state);
    context = new UnitContext(reference, frozen, history, clock, listener);
    frozen.restore(state.states("frozen"));
    session = run.resume(context, state.state("engine"));
    context.rollback();
    String name = state.text("policy");
    states.restore(name, policy);
    states.restored(name, history.used().steps());
    checkpointStep = history.used().steps();
    clock.lap(START);
    listener.onResume(new CheckpointReport(checkpointStep, history.used()));
  }

  /**
   * All units until the end, or until something stops the run. A unit that an interrupt or a judge
   * that is down ends is as if it had not begun.
   */
  Alignment toTheEnd() {
    try {
      Ending ending = units();
      checkpoint();
      evaluations.bringBackTheBest(listener);
      return new Alignment(
          run.engine(), history.rounds(), ending, history.used(), history.evaluations());
    } catch (CancellationException | JudgeFailedException e) {
      context.rollback();
      checkpoint();
      throw e;
    }
  }

  private Ending units() {
    while (true) {
      requireNotInterrupted();
      if (evaluations.takeIfDue(history, journal, listener)) {
        clock.lap(EVALUATE);
      }
      Optional<Ending> stop = stop();
      if (stop.isPresent()) {
        return stop.get();
      }
      session().advance();
      UnitContext.Done done = context.commit();
      take(done);
      if (checkpointIsDue(done)) {
        checkpoint();
      }
    }
  }

  private static void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the run was interrupted");
    }
  }

  private Optional<Ending> stop() {
    if (session().isDone()) {
      return Optional.of(Ending.FINISHED);
    }
    if (evaluations.patienceIsOver(history)) {
      return Optional.of(Ending.EARLY_STOP);
    }
    if (control.cancelled().getAsBoolean()) {
      return Optional.of(Ending.CANCELLED);
    }
    return control.budget().exhausted(history.used(), since(started));
  }

  private void take(UnitContext.Done done) {
    history.add(done.annotations());
    done.rounds().forEach(history::add);
    history.use(done.used());
    journal.add(done);
    evaluations.after(done, history.used().steps());
  }

  private boolean checkpointIsDue(UnitContext.Done done) {
    return !done.rounds().isEmpty()
        || done.annotated()
        || history.used().steps() - checkpointStep >= control.cadence().steps()
        || since(checkpointTime).compareTo(control.cadence().time()) >= 0;
  }

  private void checkpoint() {
    if (control.store() == null) {
      return;
    }
    long step = history.used().steps();
    String kept = states.keep(policy, step);
    RunState state = new RunState().put("policy", kept);
    history.save(state);
    evaluations.save(state);
    state.put("frozen", frozen.save());
    state.put("engine", session().state());
    Set<String> needed = new HashSet<>(frozen.states());
    needed.add(kept);
    evaluations.best().ifPresent(needed::add);
    journal.flush();
    Shield.run(() -> record.checkpoint(state, needed));
    clock.lap(CHECKPOINT);
    Shield.run(() -> record.used(history.used(), clock.seconds()));
    checkpointStep = step;
    checkpointTime = System.nanoTime();
    listener.onCheckpoint(new CheckpointReport(step, history.used()));
  }

  private SteppedRun.Session session() {
    return Objects.requireNonNull(session, "the run must have been started");
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
