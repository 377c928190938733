package io.sgpo.policy;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A policy with weights that can be trained: θ. Everything an engine does to it has the form ∇ = Σ
 * c ∇ log π, so an engine never sees a tensor and a policy never sees a preference.
 *
 * <p>One thread trains at a time; nothing else may use the policy during {@link #step}. The frozen
 * policies of {@link #reference} are independent of it.
 */
public interface TrainablePolicy extends Policy {

  /**
   * Freezes the present weights as π_ref. The caller closes it; it does not change when this policy
   * is trained and outlives its closing.
   */
  FrozenPolicy reference();

  /** Where it computes, for records of a run: {@code cpu}, or such as {@code gpu(0)}. */
  default String device() {
    return "cpu";
  }

  /**
   * Whether leader and follower have trained weights of their own. Else both roles train the same
   * ones, and {@link StepOptions#followerRate} has nothing to act on.
   */
  default boolean hasFollowerWeights() {
    return false;
  }

  /**
   * Draws from the geometric mixture of this policy with a reference, token by token: each token's
   * distribution is proportional to π^(1−m) π_ref^m, both at the temperature of the draw (Nash-MD,
   * arXiv 2312.00886). Top-k and top-p filter the mixture. {@link Sample#logProbs} are π's, {@link
   * Sample#samplingLogProb} is that of what was drawn from.
   *
   * @param prompts as in {@link #sample}
   * @param sampling as in {@link #sample}
   * @param reference π_ref, which {@link #reference} of this policy or of one like it gave
   * @param mixture m in [0, 1]: 0 draws from π, 1 from π_ref
   * @throws IllegalArgumentException if the mixture is outside its domain, the reference is not
   *     like this policy, or a prompt cannot be read
   * @throws UnsupportedOperationException if this policy does not draw from mixtures
   */
  default List<List<Sample>> sampleMixture(
      List<? extends Prompt> prompts, Sampling sampling, FrozenPolicy reference, double mixture) {
    throw new UnsupportedOperationException(
        getClass().getName() + " does not draw from mixtures with a reference");
  }

  /**
   * Log-probabilities of every token under the geometric mixture of this policy with a reference,
   * token by token and normalised: each token's distribution is proportional to π^(1−m) π_ref^m.
   * Below 0 the mixture is an extrapolation, of a policy that has moved on away from the reference.
   *
   * @param exchanges as in {@link #logProbs}
   * @param reference as in {@link #sampleMixture}
   * @param mixture m, finite: 0 gives π, 1 π_ref
   * @throws IllegalArgumentException if the mixture is not finite, the reference is not like this
   *     policy, or an exchange cannot be read
   * @throws UnsupportedOperationException if this policy does not score mixtures
   */
  default List<LogProbs> mixtureLogProbs(
      List<Exchange> exchanges, FrozenPolicy reference, double mixture) {
    throw new UnsupportedOperationException(
        getClass().getName() + " does not score mixtures with a reference");
  }

  /**
   * One step of AdamW: scores the batch, asks the objective for coefficients, back-propagates,
   * clips, updates. An empty batch is refused.
   *
   * @throws ArithmeticException if loss or gradient is not finite; the step is then not applied,
   *     and the message names the parameter or the group
   * @throws IllegalArgumentException if the batch is empty or cannot be read by this policy
   */
  StepResult step(List<TrainingGroup> batch, Objective objective, StepOptions options);

  /**
   * Forgets the optimizer's moments and step count, and sets its settings for the steps to come.
   */
  void resetOptimizer(AdamW settings);

  /**
   * Writes all that a bit-exact continuation needs (weights, moments, step count) to a new
   * directory, durably: the directory is complete or it is not there.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the directory exists
   */
  void captureState(Path directory) throws IOException;

  /**
   * Goes back to a captured state.
   *
   * @throws IOException if the directory is no complete state of a policy like this one; the policy
   *     is then unchanged
   */
  void restoreState(Path directory) throws IOException;

  /**
   * Saves the policy for use: for a language model, a Hugging Face folder, or the folder of the
   * adapter if that is what is trained. A policy that was saved there before is replaced only once
   * the new one is complete.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the directory holds something else
   */
  void save(Path directory) throws IOException;
}
