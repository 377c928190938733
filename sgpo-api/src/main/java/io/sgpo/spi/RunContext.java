package io.sgpo.spi;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import java.util.List;

/**
 * What surrounds a {@link SteppedRun}. What a unit of work records here counts once the unit has
 * returned; if it throws, it is as if it had recorded nothing.
 */
public interface RunContext {

  /**
   * Where events go. Steps ({@code onStep}) and rounds ({@code onRound}) that are told here are
   * also recorded: counted against the budget, written to the run directory, and in the result.
   * Gaps ({@code onGaps}) and answers ({@code onAnswers}) are written to the run directory.
   */
  AlignmentListener listener();

  /** π_ref, the policy as it was at the start of the run; not to be closed by the engine. */
  FrozenPolicy reference();

  /** The pairs recorded so far, also those of before the run was resumed. */
  List<AnnotatedPair> annotations();

  /** Records a pair. */
  void annotated(AnnotatedPair pair);

  /** Counts response tokens that were sampled; those trained on are counted by the steps. */
  void sampled(long tokens);

  /** Counts comparisons put to the preference model. */
  void judged(long comparisons);

  /**
   * Freezes the policy as it is now under a name, in place of what had that name: for references
   * that move. The context closes it, when it is replaced or at the end of the run.
   */
  FrozenPolicy freeze(String name);

  /**
   * The policy that was frozen under a name; after resuming, an equal one.
   *
   * @throws IllegalArgumentException if there is none
   */
  FrozenPolicy frozen(String name);
}
