package io.sgpo.examples.cli;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.policy.Schedule;
import io.sgpo.slhf.LeaderPayoff;
import io.sgpo.slhf.SlhfEngine;
import io.sgpo.spi.StandardOptions.KlCredit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The settings of {@link Aligner.Builder} as options; what was not given keeps its default there.
 */
final class EngineOptions {

  private static final int NEW_TOKENS = 300;
  private static final int SLHF_NEW_TOKENS = 512;

  @Option(names = "--seed", paramLabel = "N", description = "seed of all random streams; 0")
  private @Nullable Long seed;

  @Option(names = "--rounds", paramLabel = "N", description = "rounds of self-annotation; 3")
  private @Nullable Integer rounds;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "training steps, for a method without rounds")
  private @Nullable Integer steps;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "passes over the pairs, for a method without rounds")
  private @Nullable Integer epochs;

  @Option(
      names = "--warm-start-steps",
      paramLabel = "N",
      description = "steps of plain DPO on the seeds before the first round")
  private @Nullable Integer warmStartSteps;

  @Option(
      names = "--warm-start-epochs",
      paramLabel = "N",
      description = "passes of plain DPO over the seeds before the first round; 3")
  private @Nullable Integer warmStartEpochs;

  @Option(names = "--steps-per-round", paramLabel = "N", description = "training steps of a round")
  private @Nullable Integer stepsPerRound;

  @Option(
      names = "--epochs-per-round",
      paramLabel = "N",
      description = "passes over all pairs in a round; 1")
  private @Nullable Integer epochsPerRound;

  @Option(names = "--learning-rate", paramLabel = "X", description = "rate of AdamW; 1e-6")
  private @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      converter = Names.Schedules.class,
      description =
          "how the rate changes over a round, or over slhf's run: constant, linear, cosine or"
              + " inverse-sqrt; constant")
  private Schedule.@Nullable Shape schedule;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      description = "steps in which the rate first rises from 0; 0")
  private @Nullable Integer warmupSteps;

  @Option(names = "--weight-decay", paramLabel = "X", description = "decoupled decay; 0")
  private @Nullable Double weightDecay;

  @Option(
      names = "--max-gradient-norm",
      paramLabel = "X",
      description = "clip the gradient to this norm; not clipped unless given")
  private @Nullable Double maxGradientNorm;

  @Option(names = "--batch-size", paramLabel = "N", description = "pairs or prompts per step; 32")
  private @Nullable Integer batchSize;

  @Option(
      names = "--micro-batch-size",
      paramLabel = "N",
      description = "pairs or prompts that go through the model at once; 8")
  private @Nullable Integer microBatchSize;

  @Option(
      names = "--beta",
      paramLabel = "X",
      description = "scale of the implicit reward, beta log(pi/pi_ref); 0.1")
  private @Nullable Double beta;

  @Option(
      names = "--samples-per-prompt",
      paramLabel = "N",
      description = "responses drawn for each prompt; 2")
  private @Nullable Integer samplesPerPrompt;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "sampling temperature; 0.7, for slhf 0.9")
  private @Nullable Double temperature;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "limit on the tokens of a response; 300, for slhf 512")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--follower",
      paramLabel = "NAME",
      description = "ssapo: what solves the worst case; exact")
  private @Nullable String follower;

  @Option(
      names = "--epsilon",
      paramLabel = "E",
      description =
          "ssapo: radius of the ball, in units of --gap-scale; excludes --relative-radius")
  private @Nullable Double epsilon;

  @Option(
      names = "--relative-radius",
      paramLabel = "R",
      description = "ssapo: radius as a share of the largest useful one, in [0, 1); 0.2")
  private @Nullable Double relativeRadius;

  @Option(
      names = "--gap-scale",
      paramLabel = "NAME",
      converter = Names.Scale.class,
      description = "ssapo: margin or probability, the scale on which gaps are moved; margin")
  private @Nullable GapScale gapScale;

  @Option(
      names = "--tangents",
      paramLabel = "K",
      description = "ssapo: solve for K tangents of the loss, as published, not for itself")
  private @Nullable Integer tangents;

  @Option(
      names = "--tangent-knots",
      paramLabel = "NAME",
      converter = Names.Knots.class,
      description =
          "ssapo: uniform, quantiles or probability, where the tangents touch the loss; uniform,"
              + " for --gap-scale probability probability")
  private @Nullable TangentKnots tangentKnots;

  @Option(
      names = "--weighting",
      paramLabel = "NAME",
      converter = Names.Weighting.class,
      description = "ssapo: envelope, tangent-mixture, atoms or uniform; envelope")
  private @Nullable LeaderWeighting weighting;

  @Option(
      names = "--support-margin",
      paramLabel = "T",
      description = "ssapo: the support is [min gap - T, max gap + T], in units of margin; 1")
  private @Nullable Double supportMargin;

  @Option(
      names = "--refreshes-per-round",
      paramLabel = "N",
      description = "ssapo: how often the follower is solved in a round; 4")
  private @Nullable Integer refreshesPerRound;

  @Option(
      names = "--proximal",
      paramLabel = "X",
      description = "ssapo: weight of the proximal term; 0")
  private @Nullable Double proximal;

  @Option(
      names = "--allow-saturation",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description = "ssapo: only warn of a radius that leaves no gradient")
  private @Nullable Boolean allowSaturation;

  @Option(
      names = "--leader-kl",
      paramLabel = "X",
      description = "slhf: weight of the leader's KL to the reference; 0.001")
  private @Nullable Double leaderKl;

  @Option(
      names = "--follower-kl",
      paramLabel = "X",
      description = "slhf: weight of the follower's KL to the reference; 0.001")
  private @Nullable Double followerKl;

  @Option(
      names = "--timescale-ratio",
      paramLabel = "K",
      description = "slhf: the follower's rate over the leader's; 5")
  private @Nullable Double timescaleRatio;

  @Option(
      names = "--improve-instruction",
      paramLabel = "TEXT",
      description = "slhf: what the follower is asked")
  private @Nullable String improveInstruction;

  @Option(
      names = "--kl-credit",
      paramLabel = "NAME",
      converter = Names.Credit.class,
      description = "slhf: token or to-go; token")
  private @Nullable KlCredit klCredit;

  @Option(
      names = "--leader-payoff",
      paramLabel = "NAME",
      converter = Names.Payoff.class,
      description = "slhf: preference (as published) or game; preference")
  private @Nullable LeaderPayoff leaderPayoff;

  /** The seed of all streams: what was given, or 0. */
  long seed() {
    return seed == null ? 0 : seed;
  }

  /** β: what was given, or 0.1. */
  double beta() {
    return beta == null ? 0.1 : beta;
  }

  /** The limit on the tokens of a response: what was given, or the method's default. */
  int maxNewTokens(String method) {
    if (maxNewTokens != null) {
      return maxNewTokens;
    }
    return method.equals("slhf") ? SLHF_NEW_TOKENS : NEW_TOKENS;
  }

  /** What the follower is asked. */
  String improveInstruction() {
    return improveInstruction == null ? Refiner.IMPROVE_INSTRUCTION : improveInstruction;
  }

  /** Sets what was given. */
  void applyTo(Aligner.Builder builder) {
    applyTraining(builder);
    set(beta, builder::beta);
    set(samplesPerPrompt, builder::samplesPerPrompt);
    set(temperature, builder::temperature);
    set(maxNewTokens, builder::maxNewTokens);
    set(follower, builder::follower);
    set(epsilon, builder::epsilon);
    set(relativeRadius, builder::relativeRadius);
    set(gapScale, builder::gapScale);
    set(tangents, builder::tangents);
    set(tangentKnots, builder::tangentKnots);
    set(weighting, builder::weighting);
    set(supportMargin, builder::supportMargin);
    set(refreshesPerRound, builder::refreshesPerRound);
    set(proximal, builder::proximal);
    set(allowSaturation, builder::allowSaturation);
    set(leaderKl, builder::leaderKl);
    set(followerKl, builder::followerKl);
    set(timescaleRatio, builder::timescaleRatio);
    set(improveInstruction, builder::improveInstruction);
    set(klCredit, builder::klCredit);
    set(leaderPayoff, payoff -> builder.option(SlhfEngine.LEADER_PAYOFF, payoff));
  }

  private void applyTraining(Aligner.Builder builder) {
    set(seed, builder::seed);
    set(rounds, builder::rounds);
    set(steps, builder::steps);
    set(epochs, builder::epochs);
    set(warmStartSteps, builder::warmStartSteps);
    set(warmStartEpochs, builder::warmStartEpochs);
    set(stepsPerRound, builder::stepsPerRound);
    set(epochsPerRound, builder::epochsPerRound);
    set(learningRate, builder::learningRate);
    if (schedule != null || warmupSteps != null) {
      builder.schedule(
          new Schedule(
              schedule == null ? Schedule.Shape.CONSTANT : schedule,
              warmupSteps == null ? 0 : warmupSteps));
    }
    set(weightDecay, builder::weightDecay);
    set(maxGradientNorm, builder::maxGradientNorm);
    set(batchSize, builder::batchSize);
    set(microBatchSize, builder::microBatchSize);
  }

  private static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
