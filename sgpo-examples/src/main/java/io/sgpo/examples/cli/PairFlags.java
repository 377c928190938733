package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.Given.set;

import io.sgpo.Aligner;
import io.sgpo.baseline.SpaEngine;
import io.sgpo.policy.Schedule;
import io.sgpo.preference.LossType;
import io.sgpo.solvers.follower.KlPenalty;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.SeedSelection;
import io.sgpo.ssapo.PreferenceTask;
import io.sgpo.ssapo.RoundOptions;
import io.sgpo.ssapo.RoundPairs;
import io.sgpo.ssapo.RoundReference;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * What the methods that train on pairs are told of losses and rounds beside {@link EngineOptions}.
 */
final class PairFlags {

  @CommandLine.Option(
      names = "--seed-size",
      paramLabel = "N",
      description = "use only N of the seed pairs; all unless given")
  private @Nullable Integer seedSize;

  @CommandLine.Option(
      names = "--seed-selection",
      paramLabel = "NAME",
      converter = Names.SelectionOfSeeds.class,
      description =
          "random or farthest-point, which seed pairs --seed-size keeps; the second spreads them"
              + " over the model's embeddings of the prompts; random")
  private @Nullable SeedSelection seedSelection;

  @CommandLine.Option(
      names = "--loss",
      paramLabel = "NAME",
      converter = Names.Loss.class,
      description = "sigmoid (that of DPO), hinge, ipo or robust; sigmoid")
  private @Nullable LossType loss;

  @CommandLine.Option(
      names = "--label-smoothing",
      paramLabel = "E",
      description = "share of labels taken to be flipped, in [0, 1/2); 0")
  private @Nullable Double labelSmoothing;

  @CommandLine.Option(
      names = "--kl-penalty",
      paramLabel = "NAME",
      converter = Names.PenaltySign.class,
      description =
          "dpo, iterative-dpo, spa: weight a batch's pairs by their losses: pessimistic (the worst"
              + " case) or optimistic (Dr. DPO); all alike unless given")
  private KlPenalty.@Nullable Sign klPenalty;

  @CommandLine.Option(
      names = "--kl-temperature",
      paramLabel = "X",
      description = "temperature of --kl-penalty, Dr. DPO's beta'; 1")
  private @Nullable Double klTemperature;

  @CommandLine.Option(
      names = "--warm-start-learning-rate",
      paramLabel = "X",
      description = "rate of the warm start; that of the rounds")
  private @Nullable Double warmStartLearningRate;

  @CommandLine.Option(
      names = "--warm-start-schedule",
      paramLabel = "NAME",
      converter = Names.Schedules.class,
      description = "schedule of the warm start; that of the rounds")
  private Schedule.@Nullable Shape warmStartSchedule;

  @CommandLine.Option(
      names = "--warm-start-warmup-steps",
      paramLabel = "N",
      description = "steps in which the warm start's rate first rises from 0; those of the rounds")
  private @Nullable Integer warmStartWarmupSteps;

  @CommandLine.Option(
      names = "--warm-start-beta",
      paramLabel = "X",
      description = "beta of the warm start; that of the rounds")
  private @Nullable Double warmStartBeta;

  @CommandLine.Option(
      names = "--round-prompts",
      paramLabel = "N1,N2,..",
      split = ",",
      description = "how many prompts each round takes; all, evenly")
  private @Nullable List<Integer> roundPrompts;

  @CommandLine.Option(
      names = "--round-pairs",
      paramLabel = "NAME",
      converter = Names.PairsOfRound.class,
      description =
          "all, seeds-and-newest or newest, the pairs a round trains on; all, for spa newest")
  private @Nullable RoundPairs roundPairs;

  @CommandLine.Option(
      names = "--round-reference",
      paramLabel = "NAME",
      converter = Names.ReferenceOfRound.class,
      description =
          "start (of the run) or round, the policy that gaps refer to; start, for spa round")
  private @Nullable RoundReference roundReference;

  @CommandLine.Option(
      names = "--smoothing",
      paramLabel = "A",
      description = "spa: by how much a doubted label is smoothed, in [0, 1/2]; 0.1")
  private @Nullable Double smoothing;

  @CommandLine.Option(
      names = "--doubted-share",
      paramLabel = "K",
      description = "spa: share of pairs that is doubted, in (0, 1); 0.1")
  private @Nullable Double doubtedShare;

  @CommandLine.Option(
      names = "--smoothing-delay",
      paramLabel = "D",
      description = "spa: share of a round's steps before labels are smoothed, in [0, 1); 0.2")
  private @Nullable Double smoothingDelay;

  @CommandLine.Option(
      names = "--extrapolation",
      paramLabel = "L1,L2,..",
      split = ",",
      description =
          "spa: how far the model that doubts is extrapolated, a number >= 0 per round; 0.5, 0.25"
              + " and on by halves; 0 costs nothing")
  private @Nullable List<Double> extrapolation;

  /**
   * Sets what was given.
   *
   * @param rounds the schedule of the rounds, of which the warm start has what is not given
   */
  void applyTo(Aligner.Builder builder, Schedule rounds) {
    set(builder, StandardOptions.SEED_SIZE, seedSize);
    set(builder, StandardOptions.SEED_SELECTION, seedSelection);
    set(builder, StandardOptions.LOSS, loss);
    set(builder, StandardOptions.LABEL_SMOOTHING, labelSmoothing);
    set(builder, PreferenceTask.KL_PENALTY, penalty());
    set(builder, PreferenceTask.WARM_START_LEARNING_RATE, warmStartLearningRate);
    set(builder, PreferenceTask.WARM_START_SCHEDULE, warmStart(rounds));
    set(builder, PreferenceTask.WARM_START_BETA, warmStartBeta);
    set(builder, StandardOptions.ROUND_PROMPTS, roundPrompts);
    set(builder, RoundOptions.PAIRS, roundPairs);
    set(builder, RoundOptions.REFERENCE, roundReference);
    set(builder, SpaEngine.SMOOTHING, smoothing);
    set(builder, SpaEngine.DOUBTED_SHARE, doubtedShare);
    set(builder, SpaEngine.SMOOTHING_DELAY, smoothingDelay);
    set(builder, SpaEngine.EXTRAPOLATION, extrapolation);
  }

  private @Nullable Schedule warmStart(Schedule rounds) {
    if (warmStartSchedule == null && warmStartWarmupSteps == null) {
      return null;
    }
    return new Schedule(
        warmStartSchedule == null ? rounds.shape() : warmStartSchedule,
        warmStartWarmupSteps == null ? rounds.warmupSteps() : warmStartWarmupSteps);
  }

  private @Nullable KlPenalty penalty() {
    if (klPenalty == null) {
      if (klTemperature != null) {
        throw new UsageException(
            "--kl-temperature must go with --kl-penalty, but was " + klTemperature + " alone");
      }
      return null;
    }
    double temperature = klTemperature == null ? 1 : klTemperature;
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new UsageException("--kl-temperature must be finite and > 0, but was " + temperature);
    }
    return new KlPenalty(klPenalty, temperature);
  }
}
