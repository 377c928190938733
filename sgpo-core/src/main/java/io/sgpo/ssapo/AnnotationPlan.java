package io.sgpo.ssapo;

import io.sgpo.dialogue.Prompt;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.Option;
import io.sgpo.spi.StandardOptions;
import io.sgpo.train.OptionSets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rounds after the warm start.
 *
 * @param options the rounds
 * @param prompts the unlabelled prompts, at least one per round; rounds share them out evenly in
 *     order, the first ones taking what is left over
 * @param judge the annotator, or null for self-annotation
 * @param follower the follower, or null for plain DPO on all pairs
 */
public record AnnotationPlan(
    RoundOptions options,
    List<Prompt> prompts,
    @Nullable PreferenceModel judge,
    @Nullable FollowerOptions follower) {

  /** The options of every engine with a warm start and rounds. */
  public static final Set<Option<?>> READ =
      OptionSets.union(
          RoundOptions.READ,
          Set.of(
              StandardOptions.PROMPTS,
              StandardOptions.WARM_START_STEPS,
              StandardOptions.WARM_START_EPOCHS));

  /**
   * @throws IllegalStateException if there are fewer prompts than rounds
   */
  public AnnotationPlan {
    Objects.requireNonNull(options, "options");
    prompts = List.copyOf(prompts);
    if (prompts.size() < options.rounds()) {
      throw new IllegalStateException(
          "there must be at least one prompt per round, but rounds was %d and prompts were %d"
              .formatted(options.rounds(), prompts.size()));
    }
  }

  /**
   * The prompts of a round.
   *
   * @param round the round, from 1
   */
  List<Prompt> promptsOf(int round) {
    int share = prompts.size() / options.rounds();
    int left = prompts.size() % options.rounds();
    int start = (round - 1) * share + Math.min(round - 1, left);
    return prompts.subList(start, start + share + (round <= left ? 1 : 0));
  }

  Annotator annotator(double beta) {
    return judge == null ? new SelfAnnotator(beta) : new JudgeAnnotator(judge);
  }
}
