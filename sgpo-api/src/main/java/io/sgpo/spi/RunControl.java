package io.sgpo.spi;

import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Budget;
import io.sgpo.run.Cadence;
import io.sgpo.run.HeldOut;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link SteppedRun} is run: what hears of it, what stops it, and where it is stored. The
 * {@code Aligner} fills one in from its builder.
 *
 * @param listener hears of all events, on the thread that runs
 * @param store where checkpoints and records go, or null for nowhere
 * @param resume whether a run that the store holds is gone on with
 * @param cadence how often checkpoints are written
 * @param budget what the run may use
 * @param cancelled asked between two units; a clean stop once it is true
 * @param heldOut the held-out measure, or null
 */
public record RunControl(
    AlignmentListener listener,
    @Nullable RunStore store,
    boolean resume,
    Cadence cadence,
    Budget budget,
    BooleanSupplier cancelled,
    @Nullable HeldOut heldOut) {

  /** Nobody hears of it, nothing stops it, nothing is stored. */
  public static final RunControl NONE =
      new RunControl(
          new AlignmentListener() {},
          null,
          /* resume= */ false,
          Cadence.DEFAULT,
          Budget.NONE,
          () -> false,
          null);

  public RunControl {
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(cadence, "cadence");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(cancelled, "cancelled");
  }

  public RunControl withListener(AlignmentListener value) {
    return new RunControl(value, store, resume, cadence, budget, cancelled, heldOut);
  }

  public RunControl withStore(@Nullable RunStore value) {
    return new RunControl(listener, value, resume, cadence, budget, cancelled, heldOut);
  }

  public RunControl withResume(boolean value) {
    return new RunControl(listener, store, value, cadence, budget, cancelled, heldOut);
  }

  public RunControl withCadence(Cadence value) {
    return new RunControl(listener, store, resume, value, budget, cancelled, heldOut);
  }

  public RunControl withBudget(Budget value) {
    return new RunControl(listener, store, resume, cadence, value, cancelled, heldOut);
  }

  public RunControl withCancelled(BooleanSupplier value) {
    return new RunControl(listener, store, resume, cadence, budget, value, heldOut);
  }

  public RunControl withHeldOut(@Nullable HeldOut value) {
    return new RunControl(listener, store, resume, cadence, budget, cancelled, value);
  }

  /**
   * Runs to the end, or until something stops it, on the calling thread. Every stop ends in a
   * checkpoint if there is a store. After an exception other than a cancellation or a judge that is
   * down the last checkpoint stands.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws io.sgpo.run.JudgeFailedException if the judge is down
   * @throws io.sgpo.run.RunRefusedException if the store does not take this run
   * @throws java.io.UncheckedIOException if the store cannot be read or written
   */
  public Alignment run(SteppedRun run) {
    return new RunLoop(this, run).run();
  }
}
