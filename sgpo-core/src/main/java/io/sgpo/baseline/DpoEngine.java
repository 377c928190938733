package io.sgpo.baseline;

import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.StandardOptions;
import io.sgpo.ssapo.PreferencePipeline;
import io.sgpo.ssapo.PreferenceTask;
import io.sgpo.train.Extent;
import io.sgpo.train.OptionSets;
import java.util.Set;

/**
 * Direct preference optimisation (Rafailov et al. 2023) on the seed pairs: the warm start of the
 * other engines and nothing else, reported as round 0.
 *
 * <p>Needs {@code policy} and {@code seedPreferences}; 3 epochs unless steps or epochs are set.
 */
public final class DpoEngine implements AlignmentEngine {

  private static final Set<Option<?>> READ =
      OptionSets.union(
          PreferenceTask.READ,
          Set.of(PreferenceTask.KL_PENALTY, StandardOptions.STEPS, StandardOptions.EPOCHS));

  /** For service loading. */
  public DpoEngine() {}

  @Override
  public String name() {
    return "dpo";
  }

  @Override
  public Set<Option<?>> options() {
    return READ;
  }

  @Override
  public Run prepare(Options options, AlignmentListener listener) {
    Extent extent =
        Extent.from(options, StandardOptions.STEPS, StandardOptions.EPOCHS, Extent.epochs(3));
    return new PreferencePipeline(name(), PreferenceTask.from(options, extent), null);
  }
}
