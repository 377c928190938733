package io.sgpo.slhf;

import io.sgpo.Refiner;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.KlCredit;
import io.sgpo.train.Extent;
import io.sgpo.train.OptionSets;
import io.sgpo.train.TrainingOptions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Options of StackelbergGDA; defaults as published for HelpSteer2.
 *
 * @param policy the policy that plays both roles; its present weights become both references
 * @param prompts x, at least one, none of them token ids
 * @param judge p(y ≻ y' | x)
 * @param leaderKl τ_L {@code >= 0}; 0.001 unless set
 * @param followerKl τ_F {@code >= 0}, against the reference given the follower's prompt; 0.001
 *     unless set
 * @param timescaleRatio κ {@code > 0}; 5 unless set
 * @param klCredit which log-ratios a token is charged with; TOKEN unless set
 * @param leaderPayoff what the leader is paid; PREFERENCE unless {@link SlhfEngine#LEADER_PAYOFF}
 *     is set
 * @param improveInstruction what the follower is asked
 * @param temperature temperature {@code > 0} of the draws and of all log-probabilities: the
 *     tempered policy is the policy; 0.9 unless set
 * @param maxNewTokens limit on a response's tokens, {@code >= 1}; 512 unless set
 * @param extent how long to train; 1000 steps unless steps or epochs are set
 * @param training how a step is taken
 * @param seed the run's seed; 0 unless set
 */
public record SlhfOptions(
    TrainablePolicy policy,
    List<Prompt> prompts,
    PreferenceModel judge,
    double leaderKl,
    double followerKl,
    double timescaleRatio,
    KlCredit klCredit,
    LeaderPayoff leaderPayoff,
    String improveInstruction,
    double temperature,
    int maxNewTokens,
    Extent extent,
    TrainingOptions training,
    long seed) {

  static final Set<Option<?>> READ =
      OptionSets.union(
          TrainingOptions.READ,
          Set.of(
              StandardOptions.POLICY,
              StandardOptions.PROMPTS,
              StandardOptions.PREFERENCE_MODEL,
              StandardOptions.LEADER_KL,
              StandardOptions.FOLLOWER_KL,
              StandardOptions.TIMESCALE_RATIO,
              StandardOptions.KL_CREDIT,
              StandardOptions.IMPROVE_INSTRUCTION,
              StandardOptions.TEMPERATURE,
              StandardOptions.MAX_NEW_TOKENS),
          Set.of(
              SlhfEngine.LEADER_PAYOFF,
              StandardOptions.STEPS,
              StandardOptions.EPOCHS,
              StandardOptions.SEED));

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public SlhfOptions {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(klCredit, "klCredit");
    Objects.requireNonNull(leaderPayoff, "leaderPayoff");
    Objects.requireNonNull(improveInstruction, "improveInstruction");
    Objects.requireNonNull(extent, "extent");
    Objects.requireNonNull(training, "training");
    prompts = List.copyOf(prompts);
    requireText(prompts);
    requireAtLeastZero("leaderKl", leaderKl);
    requireAtLeastZero("followerKl", followerKl);
    requirePositive("timescaleRatio", timescaleRatio);
    requirePositive("temperature", temperature);
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be >= 1, but was " + maxNewTokens);
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
        options.require(StandardOptions.POLICY),
        options.require(StandardOptions.PROMPTS),
        options.require(StandardOptions.PREFERENCE_MODEL),
        options.get(StandardOptions.LEADER_KL, 0.001),
        options.get(StandardOptions.FOLLOWER_KL, 0.001),
        options.get(StandardOptions.TIMESCALE_RATIO, 5.0),
        options.get(StandardOptions.KL_CREDIT, KlCredit.TOKEN),
        options.get(SlhfEngine.LEADER_PAYOFF, LeaderPayoff.PREFERENCE),
        options.get(StandardOptions.IMPROVE_INSTRUCTION, Refiner.IMPROVE_INSTRUCTION),
        options.get(StandardOptions.TEMPERATURE, 0.9),
        options.get(StandardOptions.MAX_NEW_TOKENS, 512),
        Extent.from(options, StandardOptions.STEPS, StandardOptions.EPOCHS, Extent.steps(1000)),
        TrainingOptions.from(options),
        options.get(StandardOptions.SEED, 0L));
  }

  private static void requireText(List<Prompt> prompts) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must not be empty");
    }
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

  private static void requireAtLeastZero(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be finite and >= 0, but was " + value);
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be finite and > 0, but was " + value);
    }
  }
}
