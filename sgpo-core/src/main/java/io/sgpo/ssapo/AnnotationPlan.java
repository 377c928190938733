package io.sgpo.ssapo;

import io.sgpo.dialogue.Prompt;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.Option;
import io.sgpo.spi.StandardOptions;
import io.sgpo.train.OptionSets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rounds after the warm start.
 *
 * @param options the rounds
 * @param prompts the unlabelled prompts, enough for all rounds; unless the options say how many
 *     each takes, rounds share them out evenly in order, the first ones taking what is left over
 * @param judge the annotator, or null for self-annotation
 * @param follower the follower, or null for plain DPO on the round's pairs
 * @param refinement how labels are refined in training, or null for labels as they are
 */
public record AnnotationPlan(
    RoundOptions options,
    List<Prompt> prompts,
    @Nullable PreferenceModel judge,
    @Nullable FollowerOptions follower,
    @Nullable LabelRefinement refinement) {

  /** The options of every engine with a warm start and rounds. */
  public static final Set<Option<?>> READ =
      OptionSets.union(
          RoundOptions.READ,
          Set.of(
              StandardOptions.PROMPTS,
              StandardOptions.WARM_START_STEPS,
              StandardOptions.WARM_START_EPOCHS),
          PreferenceTask.WARM_START);

  /**
   * @throws IllegalStateException if there are fewer prompts than rounds
   */
  public AnnotationPlan {
    Objects.requireNonNull(options, "options");
    prompts = List.copyOf(prompts);
    int taken = options.promptCounts().stream().mapToInt(Integer::intValue).sum();
    if (prompts.size() < taken) {
      throw new IllegalStateException(
          "the sum of roundPrompts must be <= the number of prompts, %d, but was %d"
              .formatted(prompts.size(), taken));
    }
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
    List<Integer> counts = options.promptCounts();
    if (!counts.isEmpty()) {
      int start = counts.subList(0, round - 1).stream().mapToInt(Integer::intValue).sum();
      return prompts.subList(start, start + counts.get(round - 1));
    }
    int share = prompts.size() / options.rounds();
    int left = prompts.size() % options.rounds();
    int start = (round - 1) * share + Math.min(round - 1, left);
    return prompts.subList(start, start + share + (round <= left ? 1 : 0));
  }

  /** Whether the annotator also says what the policy thinks of the pairs. */
  boolean annotatorScores() {
    return judge == null;
  }

  /**
   * Who annotates.
   *
   * @param warnings hears of a judge's failures
   */
  Annotator annotator(double beta, Consumer<String> warnings) {
    return judge == null ? new SelfAnnotator(beta) : new JudgeAnnotator(judge, warnings);
  }
}
