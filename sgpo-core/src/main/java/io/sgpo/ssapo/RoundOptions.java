package io.sgpo.ssapo;

import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.train.Extent;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The rounds of annotation.
 *
 * @param rounds how many, {@code >= 1}; 3 unless set
 * @param samplesPerPrompt responses drawn for each prompt, {@code >= 2}; 2 unless set
 * @param temperature temperature {@code > 0} of the draws; 0.7 unless set. The implicit reward is
 *     always taken at temperature 1
 * @param maxNewTokens limit on a response's tokens, {@code >= 1}; 300 unless set
 * @param training how long a round trains; 1 epoch over its pairs unless set
 * @param promptCounts how many prompts each round takes, a number {@code >= 1} per round; empty
 *     (unless set) if they share all of them evenly
 * @param pairs which pairs a round trains on; ALL unless set
 * @param reference what the gaps of a round refer to; START unless set
 */
public record RoundOptions(
    int rounds,
    int samplesPerPrompt,
    double temperature,
    int maxNewTokens,
    Extent training,
    List<Integer> promptCounts,
    RoundPairs pairs,
    RoundReference reference) {

  /** Which pairs a round trains on. */
  public static final Option<RoundPairs> PAIRS = Option.of("roundPairs", RoundPairs.class);

  /** What the gaps of a round refer to. */
  public static final Option<RoundReference> REFERENCE =
      Option.of("roundReference", RoundReference.class);

  /** The options that {@link #from} reads. */
  public static final Set<Option<?>> READ =
      Set.of(
          StandardOptions.ROUNDS,
          StandardOptions.ROUND_PROMPTS,
          PAIRS,
          REFERENCE,
          StandardOptions.SAMPLES_PER_PROMPT,
          StandardOptions.TEMPERATURE,
          StandardOptions.MAX_NEW_TOKENS,
          StandardOptions.STEPS_PER_ROUND,
          StandardOptions.EPOCHS_PER_ROUND);

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public RoundOptions {
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(pairs, "pairs");
    Objects.requireNonNull(reference, "reference");
    promptCounts = List.copyOf(promptCounts);
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be >= 1, but was " + rounds);
    }
    if (samplesPerPrompt < 2) {
      throw new IllegalArgumentException(
          "samplesPerPrompt must be >= 2 to make a pair, but was " + samplesPerPrompt);
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, but was " + temperature);
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be >= 1, but was " + maxNewTokens);
    }
    if (training.count() < 1) {
      throw new IllegalArgumentException(
          "the training of a round must be >= 1 step or epoch, but was " + training.count());
    }
    if (!promptCounts.isEmpty() && promptCounts.size() != rounds) {
      throw new IllegalArgumentException(
          "roundPrompts must be a number per round, but rounds was %d and roundPrompts %s"
              .formatted(rounds, promptCounts));
    }
    if (promptCounts.stream().anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException("roundPrompts must be >= 1, but were " + promptCounts);
    }
  }

  /**
   * What was set, and the defaults for the rest.
   *
   * @throws IllegalStateException if both steps and epochs of a round are set
   */
  public static RoundOptions from(Options options) {
    return from(options, RoundPairs.ALL, RoundReference.START);
  }

  /** What was set, and the defaults of an engine that has others for pairs and reference. */
  public static RoundOptions from(Options options, RoundPairs pairs, RoundReference reference) {
    List<Integer> promptCounts = options.get(StandardOptions.ROUND_PROMPTS, List.of());
    int rounds = promptCounts.isEmpty() ? 3 : promptCounts.size();
    return new RoundOptions(
        options.get(StandardOptions.ROUNDS, rounds),
        options.get(StandardOptions.SAMPLES_PER_PROMPT, 2),
        options.get(StandardOptions.TEMPERATURE, 0.7),
        options.get(StandardOptions.MAX_NEW_TOKENS, 300),
        Extent.from(
            options,
            StandardOptions.STEPS_PER_ROUND,
            StandardOptions.EPOCHS_PER_ROUND,
            Extent.epochs(1)),
        promptCounts,
        options.get(PAIRS, pairs),
        options.get(REFERENCE, reference));
  }
}
