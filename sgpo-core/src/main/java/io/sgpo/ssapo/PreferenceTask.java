package io.sgpo.ssapo;

import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.train.Extent;
import io.sgpo.train.OptionSets;
import io.sgpo.train.TrainingOptions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What every engine of the DPO family needs.
 *
 * @param policy the policy π_θ; its present weights become π_ref
 * @param seeds the labelled pairs, at least one
 * @param beta β {@code > 0} of r = β (log π − log π_ref); 0.1 unless set
 * @param onSeeds how long plain DPO trains on the seeds
 * @param training how a step is taken
 * @param seed the run's seed; 0 unless set
 * @param choice which of the labelled pairs are used; all unless set
 */
public record PreferenceTask(
    TrainablePolicy policy,
    List<PreferencePair> seeds,
    double beta,
    Extent onSeeds,
    TrainingOptions training,
    long seed,
    SeedChoice choice) {

  private static final Set<Option<?>> OWN =
      Set.of(
          StandardOptions.POLICY,
          StandardOptions.SEED_PREFERENCES,
          StandardOptions.BETA,
          StandardOptions.SEED);

  /** The options that {@link #from} reads, but for the extent. */
  public static final Set<Option<?>> READ =
      OptionSets.union(OWN, SeedChoice.READ, TrainingOptions.READ);

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public PreferenceTask {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(onSeeds, "onSeeds");
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(choice, "choice");
    seeds = List.copyOf(seeds);
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException("seedPreferences must not be empty");
    }
    if (!(beta > 0) || Double.isInfinite(beta)) {
      throw new IllegalArgumentException("beta must be finite and > 0, but was " + beta);
    }
  }

  /**
   * What was set, and the defaults for the rest.
   *
   * @throws IllegalStateException if policy or seeds are not set, or the choice of seeds does not
   *     fit them
   */
  public static PreferenceTask from(Options options, Extent onSeeds) {
    TrainablePolicy policy = options.require(StandardOptions.POLICY);
    List<PreferencePair> pairs = options.require(StandardOptions.SEED_PREFERENCES);
    return new PreferenceTask(
        policy,
        pairs,
        options.get(StandardOptions.BETA, 0.1),
        onSeeds,
        TrainingOptions.from(options),
        options.get(StandardOptions.SEED, 0L),
        SeedChoice.from(options, policy, pairs.size()));
  }

  /**
   * The warm start of the engines with rounds: 3 epochs unless set, as published.
   *
   * @throws IllegalStateException if both steps and epochs are set
   */
  public static Extent warmStart(Options options) {
    return Extent.from(
        options,
        StandardOptions.WARM_START_STEPS,
        StandardOptions.WARM_START_EPOCHS,
        Extent.epochs(3));
  }
}
