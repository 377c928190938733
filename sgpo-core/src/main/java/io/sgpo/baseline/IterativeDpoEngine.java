package io.sgpo.baseline;

import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.StandardOptions;
import io.sgpo.ssapo.AnnotationPlan;
import io.sgpo.ssapo.PreferencePipeline;
import io.sgpo.ssapo.PreferenceTask;
import io.sgpo.ssapo.RoundOptions;
import io.sgpo.train.OptionSets;
import java.util.Set;

/**
 * Iterative DPO: SSAPO without its follower. Responses are labelled by the implicit reward, or by a
 * preference model if one is set: best against worst of the responses to a prompt.
 *
 * <p>Needs {@code policy}, {@code seedPreferences} and {@code prompts}.
 */
public final class IterativeDpoEngine implements AlignmentEngine {

  private static final Set<Option<?>> READ =
      OptionSets.union(
          PreferenceTask.READ,
          AnnotationPlan.READ,
          Set.of(PreferenceTask.KL_PENALTY, StandardOptions.PREFERENCE_MODEL));

  /** For service loading. */
  public IterativeDpoEngine() {}

  @Override
  public String name() {
    return "iterative-dpo";
  }

  @Override
  public Set<Option<?>> options() {
    return READ;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException also if there are fewer prompts than rounds
   */
  @Override
  public Run prepare(Options options, AlignmentListener listener) {
    PreferenceTask task = PreferenceTask.from(options, PreferenceTask.warmStart(options));
    AnnotationPlan plan =
        new AnnotationPlan(
            RoundOptions.from(options),
            options.require(StandardOptions.PROMPTS),
            options.get(StandardOptions.PREFERENCE_MODEL).orElse(null),
            null,
            null);
    return new PreferencePipeline(name(), task, plan);
  }
}
