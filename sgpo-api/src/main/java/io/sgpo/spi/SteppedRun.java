package io.sgpo.spi;

import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.Alignment;
import io.sgpo.run.RunState;
import java.util.Map;

/**
 * A run in units of work, between any two of which it can be stopped, stored and gone on with. An
 * engine whose {@link AlignmentEngine#prepare} returns one gets run directories, budgets, held-out
 * measures and cancellation from the {@code Aligner}.
 */
public interface SteppedRun extends AlignmentEngine.Run {

  /** The engine's name. */
  String engine();

  /** The policy that is trained. */
  TrainablePolicy policy();

  /**
   * All that the run's result depends on but the policy, by name: options with their defaults
   * resolved, digests of the data. A run is resumed only with the same settings. If there are none,
   * the options that were set stand in.
   */
  default Map<String, String> settings() {
    return Map.of();
  }

  /** Starts from the beginning; nothing is sampled or trained yet. */
  Session start(RunContext context);

  /**
   * Goes on from a state that {@link Session#state} gave. Policies frozen by name can be asked for
   * now; the policy itself gets its weights back after this call.
   *
   * @throws IllegalArgumentException if the state is not one of this engine
   */
  Session resume(RunContext context, RunState state);

  /** A run under way. Only the thread that runs it calls it. */
  interface Session {

    /** Whether all is done. */
    boolean isDone();

    /**
     * Does one unit of work: at most one training step, or one chunk of sampling, judging or
     * scoring. If it throws, session and policy are as before, but that an optimizer may have been
     * reset which the same unit resets again. A unit that changes the policy reports a step.
     *
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
     * @throws io.sgpo.run.JudgeFailedException if the judge answers nothing of what the unit asks
     */
    void advance();

    /** Everything from which {@link SteppedRun#resume} goes on to the same result, bit for bit. */
    RunState state();
  }

  /** Runs to the end without telling anyone and without a store. */
  @Override
  default Alignment run() {
    return RunControl.NONE.run(this);
  }
}
