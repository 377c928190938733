package io.sgpo.ssapo;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.Policy;
import io.sgpo.policy.PromptEmbedder;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.solvers.selection.FarthestPoint;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.SeedSelection;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which of the labelled pairs are the seeds.
 *
 * @param size how many, {@code >= 1}; {@code Integer.MAX_VALUE} for all
 * @param selection how they are chosen if they are not all
 */
public record SeedChoice(int size, SeedSelection selection) {

  /** All pairs. */
  public static final SeedChoice ALL = new SeedChoice(Integer.MAX_VALUE, SeedSelection.RANDOM);

  /** The options that {@link #from} reads. */
  public static final Set<Option<?>> READ =
      Set.of(StandardOptions.SEED_SIZE, StandardOptions.SEED_SELECTION);

  private static final String PURPOSE = "seeds";

  /**
   * @throws IllegalArgumentException if the size is below 1
   */
  public SeedChoice {
    Objects.requireNonNull(selection, "selection");
    if (size < 1) {
      throw new IllegalArgumentException("seedSize must be >= 1, but was " + size);
    }
  }

  /**
   * What was set; all pairs unless a size is.
   *
   * @throws IllegalStateException if the size exceeds the number of pairs, a selection is set
   *     without a size, or the policy lacks what the selection needs
   */
  static SeedChoice from(Options options, Policy policy, int pairs) {
    Integer size = options.get(StandardOptions.SEED_SIZE).orElse(null);
    if (size == null) {
      options
          .get(StandardOptions.SEED_SELECTION)
          .ifPresent(
              selection -> {
                throw new IllegalStateException(
                    "seedSize must be set where seedSelection is, which was " + selection);
              });
      return ALL;
    }
    if (size > pairs) {
      throw new IllegalStateException(
          "seedSize must be <= the number of seedPreferences, %d, but was %d"
              .formatted(pairs, size));
    }
    SeedSelection selection = options.get(StandardOptions.SEED_SELECTION, SeedSelection.RANDOM);
    if (selection == SeedSelection.FARTHEST_POINT && !(policy instanceof PromptEmbedder)) {
      throw new IllegalStateException(
          "seedSelection must be RANDOM where the policy is no PromptEmbedder, but was %s with a %s"
              .formatted(selection, policy.getClass().getName()));
    }
    return new SeedChoice(size, selection);
  }

  /** Which pairs are chosen, in their order; a function of the seed, the policy and the pairs. */
  int[] indices(List<PreferencePair> pairs, Policy policy, long seed) {
    if (size >= pairs.size()) {
      return IntStream.range(0, pairs.size()).toArray();
    }
    SplittableRandom random = Streams.of(seed, PURPOSE);
    int[] chosen =
        switch (selection) {
          case RANDOM -> random(pairs.size(), random);
          case FARTHEST_POINT -> farthest(pairs, policy, random);
        };
    Arrays.sort(chosen);
    return chosen;
  }

  private int[] random(int pairs, SplittableRandom random) {
    int[] order = IntStream.range(0, pairs).toArray();
    for (int i = 0; i < size; i++) {
      int j = i + random.nextInt(pairs - i);
      int drawn = order[j];
      order[j] = order[i];
      order[i] = drawn;
    }
    return Arrays.copyOf(order, size);
  }

  private int[] farthest(List<PreferencePair> pairs, Policy policy, SplittableRandom random) {
    List<Prompt> prompts = pairs.stream().map(PreferencePair::prompt).toList();
    float[][] points = ((PromptEmbedder) policy).embeddings(prompts).toArray(new float[0][]);
    return FarthestPoint.select(points, size, random.nextInt(points.length));
  }
}
