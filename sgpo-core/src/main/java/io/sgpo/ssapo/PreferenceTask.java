package io.sgpo.ssapo;

import io.sgpo.policy.Schedule;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.solvers.follower.KlPenalty;
import io.sgpo.spi.StandardOptions;
import io.sgpo.train.Extent;
import io.sgpo.train.OptionSets;
import io.sgpo.train.TrainingOptions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every engine of the DPO family needs.
 *
 * @param policy the policy π_θ; its present weights become π_ref
 * @param seeds the labelled pairs, at least one
 * @param beta β {@code > 0} of r = β (log π − log π_ref); 0.1 unless set
 * @param onSeeds how long and how the warm start, or DPO alone, trains on the seeds
 * @param training how a step is taken
 * @param loss the loss of a pair; that of DPO unless set
 * @param klPenalty how a step weights its pairs by their losses, or null for all alike
 * @param seed the run's seed; 0 unless set
 * @param choice which of the labelled pairs are used; all unless set
 */
public record PreferenceTask(
    TrainablePolicy policy,
    List<PreferencePair> seeds,
    double beta,
    SeedTraining onSeeds,
    TrainingOptions training,
    PairLoss loss,
    @Nullable KlPenalty klPenalty,
    long seed,
    SeedChoice choice) {

  private static final Set<Option<?>> OWN =
      Set.of(
          StandardOptions.POLICY,
          StandardOptions.SEED_PREFERENCES,
          StandardOptions.BETA,
          StandardOptions.SEED);

  /** The options that {@link #from} reads, but for the extent and the penalty. */
  public static final Set<Option<?>> READ =
      OptionSets.union(OWN, SeedChoice.READ, TrainingOptions.READ, PairLoss.READ);

  /** Weights the pairs of a batch by their losses, in engines without a follower. */
  public static final Option<KlPenalty> KL_PENALTY = Option.of("klPenalty", KlPenalty.class);

  /** Learning rate of the warm start, finite and {@code > 0}; that of the rounds unless set. */
  public static final Option<Double> WARM_START_LEARNING_RATE = positive("warmStartLearningRate");

  /** Schedule of the warm start; that of the rounds unless set. */
  public static final Option<Schedule> WARM_START_SCHEDULE =
      Option.of("warmStartSchedule", Schedule.class);

  /** β of the warm start, finite and {@code > 0}; that of the rounds unless set. */
  public static final Option<Double> WARM_START_BETA = positive("warmStartBeta");

  /** The options of the warm start besides its extent. */
  static final Set<Option<?>> WARM_START =
      Set.of(WARM_START_LEARNING_RATE, WARM_START_SCHEDULE, WARM_START_BETA);

  /**
   * Training on the seeds.
   *
   * @param extent how long; no step at all for 0
   * @param beta β of its gaps
   * @param training how a step is taken
   */
  public record SeedTraining(Extent extent, double beta, TrainingOptions training) {

    public SeedTraining {
      Objects.requireNonNull(extent, "extent");
      Objects.requireNonNull(training, "training");
    }
  }

  private static Option<Double> positive(String name) {
    return Option.of(
        name, Double.class, "must be finite and > 0", v -> v > 0 && v < Double.POSITIVE_INFINITY);
  }

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public PreferenceTask {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(onSeeds, "onSeeds");
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(choice, "choice");
    Objects.requireNonNull(loss, "loss");
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
   * @param onSeeds how long to train on the seeds
   * @throws IllegalStateException if policy or seeds are not set, the choice of seeds does not fit
   *     them, or the label smoothing the loss
   */
  public static PreferenceTask from(Options options, Extent onSeeds) {
    TrainablePolicy policy = options.require(StandardOptions.POLICY);
    List<PreferencePair> pairs = options.require(StandardOptions.SEED_PREFERENCES);
    double beta = options.get(StandardOptions.BETA, 0.1);
    TrainingOptions training = TrainingOptions.from(options);
    return new PreferenceTask(
        policy,
        pairs,
        beta,
        new SeedTraining(onSeeds, options.get(WARM_START_BETA, beta), onSeeds(options, training)),
        training,
        PairLoss.from(options),
        options.get(KL_PENALTY).orElse(null),
        options.get(StandardOptions.SEED, 0L),
        SeedChoice.from(options, policy, pairs.size()));
  }

  private static TrainingOptions onSeeds(Options options, TrainingOptions training) {
    return new TrainingOptions(
        options.get(WARM_START_LEARNING_RATE, training.learningRate()),
        options.get(WARM_START_SCHEDULE, training.schedule()),
        training.optimizer(),
        training.maxGradientNorm(),
        training.batchSize(),
        training.microBatchSize());
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
