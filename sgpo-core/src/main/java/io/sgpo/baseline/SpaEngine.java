package io.sgpo.baseline;

import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.StandardOptions;
import io.sgpo.ssapo.AnnotationPlan;
import io.sgpo.ssapo.LabelRefinement;
import io.sgpo.ssapo.PreferencePipeline;
import io.sgpo.ssapo.PreferenceTask;
import io.sgpo.ssapo.RoundOptions;
import io.sgpo.ssapo.RoundPairs;
import io.sgpo.ssapo.RoundReference;
import io.sgpo.train.OptionSets;
import java.util.List;
import java.util.Set;

/**
 * SPA, spread preference annotation with direct preference judgment (arXiv 2406.04412): after DPO
 * on the seeds, every round draws responses, labels them by the implicit reward against the policy
 * at the start of the run, and trains on these pairs alone against the policy at the start of the
 * round, with the labels that the policy itself doubts smoothed ({@link LabelRefinement}).
 *
 * <p>Needs {@code policy}, {@code seedPreferences} and {@code prompts}. Unless set, {@code
 * roundPairs} is NEWEST and {@code roundReference} ROUND.
 */
public final class SpaEngine implements AlignmentEngine {

  private static final LabelRefinement PUBLISHED = LabelRefinement.DEFAULT;

  /** α in [0, ½], by how much a doubted label is smoothed; 0.1 unless set, 0 for not at all. */
  public static final Option<Double> SMOOTHING =
      Option.of(
          "smoothing", Double.class, "must be in [0, 1/2]", value -> value >= 0 && value <= 0.5);

  /** The share of pairs that is doubted, in (0, 1); 0.1 unless set. */
  public static final Option<Double> DOUBTED_SHARE =
      Option.of("doubtedShare", Double.class, "must be in (0, 1)", value -> value > 0 && value < 1);

  /** The share of a round's steps before labels are smoothed, in [0, 1); 0.2 unless set. */
  public static final Option<Double> SMOOTHING_DELAY =
      Option.of(
          "smoothingDelay", Double.class, "must be in [0, 1)", value -> value >= 0 && value < 1);

  /**
   * λ {@code >= 0} of each round, the last one for all later rounds: how far the model that doubts
   * is extrapolated; ½, ¼, ⅛ and on by halves unless set.
   */
  public static final Option<List<Double>> EXTRAPOLATION =
      Option.of(
          "extrapolation",
          List.class,
          "must be finite numbers >= 0, at least one",
          list ->
              !list.isEmpty()
                  && list.stream().allMatch(value -> value >= 0 && Double.isFinite(value)));

  private static final Set<Option<?>> READ =
      OptionSets.union(
          PreferenceTask.READ,
          AnnotationPlan.READ,
          Set.of(
              PreferenceTask.KL_PENALTY, SMOOTHING, DOUBTED_SHARE, SMOOTHING_DELAY, EXTRAPOLATION));

  /** For service loading. */
  public SpaEngine() {}

  @Override
  public String name() {
    return "spa";
  }

  @Override
  public Set<Option<?>> options() {
    return READ;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException also if there are fewer prompts than rounds; when run, an {@link
   *     UnsupportedOperationException} if the policy does not score mixtures and an extrapolation
   *     is above 0
   */
  @Override
  public Run prepare(Options options, AlignmentListener listener) {
    PreferenceTask task = PreferenceTask.from(options, PreferenceTask.warmStart(options));
    AnnotationPlan plan =
        new AnnotationPlan(
            RoundOptions.from(options, RoundPairs.NEWEST, RoundReference.ROUND),
            options.require(StandardOptions.PROMPTS),
            null,
            null,
            new LabelRefinement(
                options.get(SMOOTHING, PUBLISHED.smoothing()),
                options.get(DOUBTED_SHARE, PUBLISHED.doubtedShare()),
                options.get(SMOOTHING_DELAY, PUBLISHED.delay()),
                options.get(EXTRAPOLATION, PUBLISHED.extrapolation())));
    return new PreferencePipeline(name(), task, plan);
  }
}
