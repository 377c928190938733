package io.sgpo.spi;

import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.AnswerReport;
import io.sgpo.run.Ending;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.run.StepReport;
import io.sgpo.run.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The record of one run in a {@link RunStore}. What is appended is durable from the next {@link
 * #checkpoint} on; what was appended after the checkpoint that a run goes on from is gone. One
 * thread at a time.
 */
public interface RunRecord extends AutoCloseable {

  /**
   * A checkpoint.
   *
   * @param state what was given to {@link #checkpoint}
   * @param annotations all pairs appended before it
   */
  record Checkpoint(RunState state, List<AnnotatedPair> annotations) {
    public Checkpoint {
      Objects.requireNonNull(state, "state");
      annotations = List.copyOf(annotations);
    }
  }

  /**
   * The newest usable checkpoint, if there is one. To be called once, before anything is appended.
   *
   * @param referenceDigest gives the hash of the policy at the start of the run
   * @param warnings where is told of checkpoints that were passed over
   * @throws io.sgpo.run.RunRefusedException if the run started from another policy
   * @throws IOException if there are checkpoints but none is usable
   */
  Optional<Checkpoint> begin(Supplier<String> referenceDigest, Consumer<String> warnings)
      throws IOException;

  /** Appends annotated pairs. */
  void annotations(List<AnnotatedPair> pairs) throws IOException;

  /** Appends training steps. */
  void steps(List<StepReport> steps) throws IOException;

  /** Appends the gaps of a round. */
  void gaps(GapReport gaps) throws IOException;

  /** Appends answers of a round. */
  void answers(AnswerReport answers) throws IOException;

  /** Appends a round. */
  void round(RoundReport round) throws IOException;

  /** Appends a held-out measure. */
  void evaluation(EvaluationReport evaluation) throws IOException;

  /**
   * Stores the policy's state.
   *
   * @param step after how many training steps
   * @return the name under which {@link #restore} gives it back, as long as the last checkpoints
   *     name it
   */
  String keep(TrainablePolicy policy, long step) throws IOException;

  /** Restores the policy to a state that was kept. */
  void restore(String name, TrainablePolicy policy) throws IOException;

  /**
   * Writes a checkpoint, complete or not at all.
   *
   * @param state the run's state
   * @param policies the names of kept policies that it needs
   */
  void checkpoint(RunState state, Set<String> policies) throws IOException;

  /**
   * Notes what the run has used, after every checkpoint. Seconds are no part of a run's state: a
   * store that keeps them adds those of this process to those of the processes before it.
   *
   * @param used what the whole run has used
   * @param seconds what this process has taken since {@link #begin}, by phase
   */
  default void used(Usage used, Map<String, Double> seconds) throws IOException {}

  /** Notes how the run ended. */
  void ended(Ending ending) throws IOException;

  /** Notes that the run failed. */
  void failed(Throwable failure) throws IOException;

  /** Lets another process have the run. */
  @Override
  void close() throws IOException;
}
