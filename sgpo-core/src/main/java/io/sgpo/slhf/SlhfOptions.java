package io.sgpo.slhf;

import io.sgpo.Refiner;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.onpolicy.OnPolicyOptions;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.spi.StandardOptions.KlCredit;
import io.sgpo.spi.StandardOptions.KlEstimator;
import io.sgpo.train.OptionSets;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Options of StackelbergGDA; defaults as published for HelpSteer2.
 *
 * @param common what every on-policy engine is told: the policy plays both roles; no prompt is of
 *     token ids; the leader draws {@code samplesPerPrompt} answers, 1 unless set
 * @param leaderKl τ_L {@code >= 0}; 0.001 unless set
 * @param followerKl τ_F {@code >= 0}; 0.001 unless set
 * @param followerReference what the follower's KL is taken against; FOLLOWER_PROMPT unless {@link
 *     SlhfEngine#FOLLOWER_REFERENCE} is set
 * @param timescaleRatio κ {@code > 0}; 5 unless set
 * @param followerSamples answers m {@code >= 1} that the follower draws to each of the leader's; 1
 *     unless {@link SlhfEngine#FOLLOWER_SAMPLES} is set
 * @param leaderEvery the leader is trained at every such step, {@code >= 1}, the follower at every
 *     step; 1 unless {@link SlhfEngine#LEADER_EVERY} is set
 * @param baseline what is subtracted from a payoff; HALF unless set
 * @param klEstimator what estimates the KL of a token; K1 unless set
 * @param klCredit which estimates a token is charged with; TOKEN unless set
 * @param leaderPayoff what the leader is paid; PREFERENCE unless {@link SlhfEngine#LEADER_PAYOFF}
 *     is set
 * @param improveInstruction what the follower is asked
 */
public record SlhfOptions(
    OnPolicyOptions common,
    double leaderKl,
    double followerKl,
    FollowerReference followerReference,
    double timescaleRatio,
    int followerSamples,
    int leaderEvery,
    Baseline baseline,
    KlEstimator klEstimator,
    KlCredit klCredit,
    LeaderPayoff leaderPayoff,
    String improveInstruction) {

  static final Set<Option<?>> READ =
      OptionSets.union(
          OnPolicyOptions.READ,
          Set.of(
              StandardOptions.LEADER_KL,
              StandardOptions.FOLLOWER_KL,
              StandardOptions.TIMESCALE_RATIO,
              StandardOptions.BASELINE,
              StandardOptions.KL_ESTIMATOR,
              StandardOptions.KL_CREDIT,
              StandardOptions.IMPROVE_INSTRUCTION,
              SlhfEngine.LEADER_PAYOFF),
          Set.of(
              SlhfEngine.FOLLOWER_REFERENCE, SlhfEngine.FOLLOWER_SAMPLES, SlhfEngine.LEADER_EVERY));

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   * @throws IllegalStateException if the baseline needs more samples per prompt
   */
  public SlhfOptions {
    Objects.requireNonNull(common, "common");
    Objects.requireNonNull(followerReference, "followerReference");
    Objects.requireNonNull(baseline, "baseline");
    Objects.requireNonNull(klEstimator, "klEstimator");
    Objects.requireNonNull(klCredit, "klCredit");
    Objects.requireNonNull(leaderPayoff, "leaderPayoff");
    Objects.requireNonNull(improveInstruction, "improveInstruction");
    requireText(common.prompts());
    OnPolicyOptions.requireWeight("leaderKl", leaderKl);
    OnPolicyOptions.requireWeight("followerKl", followerKl);
    requireAtLeastOne("followerSamples", followerSamples);
    requireAtLeastOne("leaderEvery", leaderEvery);
    common.requireSamples(baseline);
    if (!(timescaleRatio > 0) || Double.isInfinite(timescaleRatio)) {
      throw new IllegalArgumentException(
          "timescaleRatio must be finite and > 0, but was " + timescaleRatio);
    }
  }

  /**
   * What was set, and the defaults for the rest.
   *
   * @throws IllegalStateException if policy, prompts or preference model are not set, or both steps
   *     and epochs are
   */
  static SlhfOptions from(Options options) {
    return new SlhfOptions(
        OnPolicyOptions.from(options, 1),
        options.get(StandardOptions.LEADER_KL, 0.001),
        options.get(StandardOptions.FOLLOWER_KL, 0.001),
        options.get(SlhfEngine.FOLLOWER_REFERENCE, FollowerReference.FOLLOWER_PROMPT),
        options.get(StandardOptions.TIMESCALE_RATIO, 5.0),
        options.get(SlhfEngine.FOLLOWER_SAMPLES, 1),
        options.get(SlhfEngine.LEADER_EVERY, 1),
        options.get(StandardOptions.BASELINE, Baseline.HALF),
        options.get(StandardOptions.KL_ESTIMATOR, KlEstimator.K1),
        options.get(StandardOptions.KL_CREDIT, KlCredit.TOKEN),
        options.get(SlhfEngine.LEADER_PAYOFF, LeaderPayoff.PREFERENCE),
        options.get(StandardOptions.IMPROVE_INSTRUCTION, Refiner.IMPROVE_INSTRUCTION));
  }

  private static void requireText(List<Prompt> prompts) {
    for (int i = 0; i < prompts.size(); i++) {
      if (prompts.get(i) instanceof TokenPrompt) {
        throw new IllegalArgumentException(
            "prompt "
                + i
                + " must be a Conversation or a TextPrompt, to which the follower's"
                + " instruction can be added, but was "
                + prompts.get(i));
      }
    }
  }

  private static void requireAtLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be >= 1, but was " + value);
    }
  }
}
