package io.sgpo.baseline;

import io.sgpo.judge.RewardFunction;
import io.sgpo.onpolicy.OnPolicyOptions;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.train.OptionSets;
import java.util.Objects;
import java.util.Set;

/**
 * Options of RLOO.
 *
 * @param common what every on-policy engine is told; {@code samplesPerPrompt >= 2}, 2 unless set
 * @param kl τ {@code >= 0}, weight of KL(π ‖ π_ref); 0.001 unless {@code leaderKl} is set
 * @param reward what an answer is paid; PREFERENCE unless {@link RlooEngine#REWARD} is set
 */
public record RlooOptions(OnPolicyOptions common, double kl, RlooReward reward) {

  static final Set<Option<?>> READ =
      OptionSets.union(OnPolicyOptions.READ, Set.of(StandardOptions.LEADER_KL, RlooEngine.REWARD));

  /**
   * @throws IllegalArgumentException if a value is outside its domain, or the judge has no rewards
   *     where they are asked for
   */
  public RlooOptions {
    Objects.requireNonNull(common, "common");
    Objects.requireNonNull(reward, "reward");
    OnPolicyOptions.requireWeight("leaderKl", kl);
    if (common.samplesPerPrompt() < 2) {
      throw new IllegalArgumentException(
          "samplesPerPrompt must be >= 2 for RLOO, but was " + common.samplesPerPrompt());
    }
    if (reward == RlooReward.SCALAR && !(common.judge() instanceof RewardFunction)) {
      throw new IllegalArgumentException(
          "preferenceModel must be a RewardFunction where the reward is SCALAR, but was a "
              + common.judge().getClass().getName());
    }
  }

  /**
   * What was set, and the defaults for the rest.
   *
   * @throws IllegalStateException if policy, prompts or preference model are not set, or both steps
   *     and epochs are
   */
  static RlooOptions from(Options options) {
    return new RlooOptions(
        OnPolicyOptions.from(options, 2),
        options.get(StandardOptions.LEADER_KL, 0.001),
        options.get(RlooEngine.REWARD, RlooReward.PREFERENCE));
  }
}
