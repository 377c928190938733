package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.Given.set;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.policy.Schedule;
import io.sgpo.slhf.LeaderPayoff;
import io.sgpo.slhf.SlhfEngine;
import io.sgpo.spi.StandardOptions.KlCredit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The settings of {@link Aligner.Builder} as options; what was not given keeps its default there.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EngineOptions {

  private static final List<String> ON_POLICY = List.of("slhf", "rloo", "nash-md");
  private static final int NEW_TOKENS = 300;
  private static final int ON_POLICY_NEW_TOKENS = 512;

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
          "how the rate changes over a round, or over a run without rounds: constant, linear,"
              + " cosine or inverse-sqrt; constant")
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
      description = "responses drawn for each prompt; 2, for slhf and nash-md 1")
  private @Nullable Integer samplesPerPrompt;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "sampling temperature; 0.7, for slhf, rloo and nash-md 0.9")
  private @Nullable Double temperature;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "limit on the tokens of a response; 300, for slhf, rloo and nash-md 512")
  private @Nullable Integer maxNewTokens;

  @Mixin private PairFlags pairs;

  @Mixin private FollowerFlags followers;

  @Option(
      names = "--leader-kl",
      paramLabel = "X",
      description = "slhf, rloo, nash-md: weight of the (leader's) KL to the reference; 0.001")
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
      description = "slhf, nash-md: token or to-go; token, for nash-md to-go")
  private @Nullable KlCredit klCredit;

  @Option(
      names = "--leader-payoff",
      paramLabel = "NAME",
      converter = Names.Payoff.class,
      description = "slhf: preference (as published) or game; preference")
  private @Nullable LeaderPayoff leaderPayoff;

  @Mixin private OnPolicyFlags onPolicy;

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
    return ON_POLICY.contains(method) ? ON_POLICY_NEW_TOKENS : NEW_TOKENS;
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
    set(leaderKl, builder::leaderKl);
    set(followerKl, builder::followerKl);
    set(timescaleRatio, builder::timescaleRatio);
    set(improveInstruction, builder::improveInstruction);
    set(klCredit, builder::klCredit);
    pairs.applyTo(builder, schedule());
    followers.applyTo(builder);
    onPolicy.applyTo(builder);
    set(builder, SlhfEngine.LEADER_PAYOFF, leaderPayoff);
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
      builder.schedule(schedule());
    }
    set(weightDecay, builder::weightDecay);
    set(maxGradientNorm, builder::maxGradientNorm);
    set(batchSize, builder::batchSize);
    set(microBatchSize, builder::microBatchSize);
  }

  private Schedule schedule() {
    return new Schedule(
        schedule == null ? Schedule.Shape.CONSTANT : schedule,
        warmupSteps == null ? 0 : warmupSteps);
  }
}
