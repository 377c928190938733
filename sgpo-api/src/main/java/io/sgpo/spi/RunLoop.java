package io.sgpo.spi;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.Alignment;
import io.sgpo.run.Ending;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** One run of a {@link SteppedRun} from opening its record to closing it. */
final class RunLoop {

  private final RunControl control;
  private final SteppedRun run;

  RunLoop(RunControl control, SteppedRun run) {
    this.control = control;
    this.run = run;
  }

  Alignment run() {
    RunRecord record = open();
    try {
      Alignment result = run(record);
      Shield.run(() -> record.ended(result.ending()));
      control.listener().onEnd(result);
      return result;
    } catch (CancellationException e) {
      Shield.run(() -> record.ended(Ending.CANCELLED));
      throw e;
    } catch (RuntimeException | Error e) {
      noteFailure(record, e);
      throw e;
    } finally {
      Shield.run(record::close);
    }
  }

  private RunRecord open() {
    RunStore store = control.store();
    return store == null
        ? new TransientRecord()
        : Shield.call(() -> store.open(description(), control.resume()));
  }

  private RunDescription description() {
    return new RunDescription(
        run.engine(),
        run.settings(),
        Evaluations.description(control.heldOut()),
        run.policy().device());
  }

  private Alignment run(RunRecord record) {
    TrainablePolicy policy = run.policy();
    KeptStates states = new KeptStates(record);
    try (FrozenPolicy reference = policy.reference();
        FrozenPolicies frozen =
            new FrozenPolicies(policy, states, /* stored= */ control.store() != null)) {
      Optional<RunRecord.Checkpoint> stored =
          Shield.call(() -> record.begin(reference::digest, control.listener()::onWarning));
      Units units = new Units(control, run, record, states, frozen, reference);
      stored.ifPresentOrElse(units::resume, units::start);
      return units.toTheEnd();
    }
  }

  private static void noteFailure(RunRecord record, Throwable failure) {
    try {
      Shield.run(() -> record.failed(failure));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
