package io.sgpo.ssapo;

import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.StandardOptions;
import io.sgpo.train.OptionSets;
import java.util.Set;

/**
 * SSAPO, Stackelberg self-annotated preference optimisation (arXiv 2502.18099): a warm start on the
 * seeds, then rounds in which the policy labels its own responses by the implicit reward and trains
 * against the worst preference distribution within a Wasserstein ball around all gaps.
 *
 * <p>Needs {@code policy}, {@code seedPreferences} and {@code prompts}. Defaults: {@link
 * PreferenceTask}, {@link RoundOptions}, {@link FollowerOptions}.
 */
public final class SsapoEngine implements AlignmentEngine {

  private static final Set<Option<?>> READ =
      OptionSets.union(PreferenceTask.READ, AnnotationPlan.READ, FollowerOptions.READ);

  /** For service loading. */
  public SsapoEngine() {}

  @Override
  public String name() {
    return "ssapo";
  }

  @Override
  public Set<Option<?>> options() {
    return READ;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException also if there are fewer prompts than rounds; when run, a {@link
   *     SaturationException} if the radius saturates
   */
  @Override
  public Run prepare(Options options, AlignmentListener listener) {
    PreferenceTask task = PreferenceTask.from(options, PreferenceTask.warmStart(options));
    AnnotationPlan plan =
        new AnnotationPlan(
            RoundOptions.from(options),
            options.require(StandardOptions.PROMPTS),
            null,
            FollowerOptions.from(options),
            null);
    return new PreferencePipeline(name(), task, plan);
  }
}
