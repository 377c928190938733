package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.Given.set;

import io.sgpo.Aligner;
import io.sgpo.baseline.NashMdEngine;
import io.sgpo.baseline.RlooEngine;
import io.sgpo.baseline.RlooReward;
import io.sgpo.slhf.FollowerReference;
import io.sgpo.slhf.SlhfEngine;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.spi.StandardOptions.KlEstimator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What {@code slhf}, {@code rloo} and {@code nash-md} are told beside {@link EngineOptions}. */
final class OnPolicyFlags {

  @CommandLine.Option(
      names = "--baseline",
      paramLabel = "NAME",
      converter = Names.Baselines.class,
      description = "slhf, nash-md: half or leave-one-out, what is subtracted from a payoff; half")
  private @Nullable Baseline baseline;

  @CommandLine.Option(
      names = "--missing-eos-penalty",
      paramLabel = "X",
      description =
          "slhf, rloo, nash-md: subtracted from the payoff of a response cut off at its limit; 0")
  private @Nullable Double missingEosPenalty;

  @CommandLine.Option(
      names = "--kl-estimator",
      paramLabel = "NAME",
      converter = Names.Estimator.class,
      description = "slhf: k1, k2 or k3; k1, the only one that expects the KL's gradient")
  private @Nullable KlEstimator klEstimator;

  @CommandLine.Option(
      names = "--follower-reference",
      paramLabel = "NAME",
      converter = Names.ReferenceOfFollower.class,
      description =
          "slhf: follower-prompt or leader-prompt, what the reference of the follower's KL sees;"
              + " follower-prompt")
  private @Nullable FollowerReference followerReference;

  @CommandLine.Option(
      names = "--follower-samples",
      paramLabel = "N",
      description = "slhf: the follower's answers to each of the leader's; 1")
  private @Nullable Integer followerSamples;

  @CommandLine.Option(
      names = "--leader-every",
      paramLabel = "N",
      description = "slhf: train the leader at every N-th step only; 1")
  private @Nullable Integer leaderEvery;

  @CommandLine.Option(
      names = "--mixture",
      paramLabel = "M",
      description = "nash-md: the reference's share in the opponent, in [0, 1]; 0.125")
  private @Nullable Double mixture;

  @CommandLine.Option(
      names = "--reward",
      paramLabel = "NAME",
      converter = Names.Reward.class,
      description =
          "rloo: preference (over the other samples) or scalar (the judge's reward); preference")
  private @Nullable RlooReward reward;

  /** Sets what was given. */
  void applyTo(Aligner.Builder builder) {
    set(builder, StandardOptions.BASELINE, baseline);
    set(builder, StandardOptions.MISSING_EOS_PENALTY, missingEosPenalty);
    set(builder, StandardOptions.KL_ESTIMATOR, klEstimator);
    set(builder, SlhfEngine.FOLLOWER_REFERENCE, followerReference);
    set(builder, SlhfEngine.FOLLOWER_SAMPLES, followerSamples);
    set(builder, SlhfEngine.LEADER_EVERY, leaderEvery);
    set(builder, NashMdEngine.MIXTURE, mixture);
    set(builder, RlooEngine.REWARD, reward);
  }
}
