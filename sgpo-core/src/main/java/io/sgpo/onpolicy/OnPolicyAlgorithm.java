package io.sgpo.onpolicy;

import io.sgpo.dialogue.Prompt;
import io.sgpo.judge.RewardFunction;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import java.util.List;
import java.util.Optional;

/**
 * What SLHF, RLOO and Nash-MD differ in: whose answers are drawn and compared, and what is learned
 * from the verdicts. Implementations keep nothing from step to step: every draw is a function of
 * the run's seed, the step and the weights, so that a run goes on from any step.
 */
public interface OnPolicyAlgorithm {

  /** What users should know before the run, such as a missing KL term. */
  default List<String> warnings() {
    return List.of();
  }

  /**
   * Draws the answers of a step.
   *
   * @param step from 0
   * @param prompts the batch
   * @param reference π_ref
   * @return a draw for every prompt, in order
   */
  List<Draw> draw(int step, List<Prompt> prompts, FrozenPolicy reference);

  /** What gives every move a reward in place of contests; nothing unless the algorithm says so. */
  default Optional<RewardFunction> rewards() {
    return Optional.empty();
  }

  /** η_F / η_L where the follower has weights of its own. */
  default double followerRate() {
    return 1;
  }

  /**
   * What a step learns from the decided moves on one prompt.
   *
   * @param play the moves, verdicts and reference scores
   * @param scores for every move log π of its tokens; no tokens where it is not trained on
   * @return for every move that is trained on, in order, its gradient; the loop divides by the
   *     number of plays
   */
  List<MoveGradient> gradient(Play play, List<LogProbs> scores);
}
