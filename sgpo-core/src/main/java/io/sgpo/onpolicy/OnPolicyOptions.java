package io.sgpo.onpolicy;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.train.Extent;
import io.sgpo.train.OptionSets;
import io.sgpo.train.TrainingOptions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What every on-policy engine is told; defaults as published for SLHF on HelpSteer2.
 *
 * @param policy the policy to train; its present weights become the reference
 * @param prompts x, at least one
 * @param judge p(y ≻ y' | x)
 * @param samplesPerPrompt answers n {@code >= 1} drawn for a prompt of the batch
 * @param missingEosPenalty {@code >= 0}, subtracted from the payoff of a response that no
 *     end-of-sequence token ended; 0 unless set
 * @param temperature temperature {@code > 0} of the draws and of all log-probabilities: the
 *     tempered policy is the policy; 0.9 unless set
 * @param maxNewTokens limit on a response's tokens, {@code >= 1}; 512 unless set
 * @param extent how long to train; 1000 steps unless steps or epochs are set
 * @param training how a step is taken
 * @param seed the run's seed; 0 unless set
 */
public record OnPolicyOptions(
    TrainablePolicy policy,
    List<Prompt> prompts,
    PreferenceModel judge,
    int samplesPerPrompt,
    double missingEosPenalty,
    double temperature,
    int maxNewTokens,
    Extent extent,
    TrainingOptions training,
    long seed) {

  /** The options that {@link #from} reads. */
  public static final Set<Option<?>> READ =
      OptionSets.union(
          TrainingOptions.READ,
          Set.of(
              StandardOptions.POLICY,
              StandardOptions.PROMPTS,
              StandardOptions.PREFERENCE_MODEL,
              StandardOptions.SAMPLES_PER_PROMPT,
              StandardOptions.MISSING_EOS_PENALTY,
              StandardOptions.TEMPERATURE,
              StandardOptions.MAX_NEW_TOKENS,
              StandardOptions.STEPS,
              StandardOptions.EPOCHS,
              StandardOptions.SEED));

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public OnPolicyOptions {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(extent, "extent");
    Objects.requireNonNull(training, "training");
    prompts = List.copyOf(prompts);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must not be empty");
    }
    requireAtLeastOne("samplesPerPrompt", samplesPerPrompt);
    requireAtLeastOne("maxNewTokens", maxNewTokens);
    requireWeight("missingEosPenalty", missingEosPenalty);
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, but was " + temperature);
    }
  }

  /**
   * What was set, and the defaults for the rest.
   *
   * @param samplesPerPrompt the engine's default
   * @throws IllegalStateException if policy, prompts or preference model are not set, or both steps
   *     and epochs are
   */
  public static OnPolicyOptions from(Options options, int samplesPerPrompt) {
    return new OnPolicyOptions(
        options.require(StandardOptions.POLICY),
        options.require(StandardOptions.PROMPTS),
        options.require(StandardOptions.PREFERENCE_MODEL),
        options.get(StandardOptions.SAMPLES_PER_PROMPT, samplesPerPrompt),
        options.get(StandardOptions.MISSING_EOS_PENALTY, 0.0),
        options.get(StandardOptions.TEMPERATURE, 0.9),
        options.get(StandardOptions.MAX_NEW_TOKENS, 512),
        Extent.from(options, StandardOptions.STEPS, StandardOptions.EPOCHS, Extent.steps(1000)),
        TrainingOptions.from(options),
        options.get(StandardOptions.SEED, 0L));
  }

  private static void requireAtLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be >= 1, but was " + value);
    }
  }

  /**
   * For the options records of the engines.
   *
   * @throws IllegalArgumentException if the value is not finite and {@code >= 0}
   */
  public static void requireWeight(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be finite and >= 0, but was " + value);
    }
  }

  /**
   * For the engines that read a baseline.
   *
   * @throws IllegalStateException if it needs more samples per prompt
   */
  public void requireSamples(Baseline baseline) {
    if (baseline == Baseline.LEAVE_ONE_OUT && samplesPerPrompt < 2) {
      throw new IllegalStateException(
          "baseline LEAVE_ONE_OUT needs samplesPerPrompt >= 2, but it was " + samplesPerPrompt);
    }
  }

  /** What a response that ended as it did is paid less. */
  public double penalty(Move move) {
    return move.isUnfinished() ? missingEosPenalty : 0;
  }

  /** How many steps there are. */
  public int steps() {
    return extent.steps(prompts.size(), training.batchSize());
  }

  /**
   * How the answers of a step are drawn.
   *
   * @param purpose the name of the random stream, one for each kind of draw within a step
   * @param samples answers to each prompt
   */
  public Sampling sampling(String purpose, int step, int samples) {
    return Sampling.of(maxNewTokens, Streams.key(seed, purpose, step))
        .withTemperature(temperature)
        .withSamplesPerPrompt(samples);
  }

  /** The options of a step over that many plays. */
  StepOptions step(int step, int plays) {
    return training.step(step, steps(), plays).withTemperature(temperature);
  }
}
