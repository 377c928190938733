package io.sgpo.policy;

import java.util.List;

/**
 * What an engine wants of a training step: from scores to loss and coefficients. Scores are log π
 * of every token at the step's temperature. Objectives run on the training thread and must not call
 * the policy.
 */
public sealed interface Objective {

  /** An objective that is a sum over groups: a policy evaluates it micro-batch by micro-batch. */
  @FunctionalInterface
  non-sealed interface Separable extends Objective {

    /**
     * @param group the group's index in the whole batch
     * @param scores the scores of its items, in order
     * @return loss and ∂loss/∂score of this group
     */
    GroupGradient evaluate(int group, List<LogProbs> scores);
  }

  /**
   * An objective that couples groups: all scores are computed first, then the coefficients, then
   * the gradients.
   */
  @FunctionalInterface
  non-sealed interface Coupled extends Objective {

    /**
     * @param scores for every group of the batch, the scores of its items
     * @return loss and ∂loss/∂score of every group, in order
     */
    List<GroupGradient> evaluate(List<List<LogProbs>> scores);
  }

  /**
   * Supervised fine-tuning: the loss of a group is −Σ log π over all tokens of its items (divide by
   * the number of tokens through {@link StepOptions#normaliser()}).
   */
  static Separable supervised() {
    return (group, scores) -> {
      double[] coefficients = new double[scores.size()];
      double loss = 0;
      for (int i = 0; i < coefficients.length; i++) {
        coefficients[i] = -1;
        loss -= scores.get(i).sum();
      }
      return GroupGradient.ofSequences(loss, coefficients);
    };
  }
}
