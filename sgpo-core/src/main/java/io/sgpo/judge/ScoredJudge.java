package io.sgpo.judge;

import io.sgpo.dialogue.Exchange;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.List;
import java.util.Objects;

/**
 * A judge with the reward that it judges by beside it, for those who ask for either: a panel with
 * the mean reward of its members, or a judge with a cache, which keeps verdicts and no rewards. As
 * thread-safe as both.
 */
public final class ScoredJudge implements PreferenceModel, RewardFunction {

  private final PreferenceModel judge;
  private final RewardFunction reward;

  private ScoredJudge(PreferenceModel judge, RewardFunction reward) {
    this.judge = judge;
    this.reward = reward;
  }

  /** The judge, whose {@link #scores} are this reward. */
  public static ScoredJudge of(PreferenceModel judge, RewardFunction reward) {
    return new ScoredJudge(
        Objects.requireNonNull(judge, "judge"), Objects.requireNonNull(reward, "reward"));
  }

  /**
   * The mean of several rewards; NaN where one of them is, since a mean without it would be that of
   * others. Their scales are theirs: one that is ten times wider counts ten times as much.
   *
   * @param members at least one
   * @throws IllegalArgumentException if there is none
   */
  public static RewardFunction mean(List<? extends RewardFunction> members) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members must not be empty");
    }
    List<RewardFunction> all = List.copyOf(members);
    return exchanges -> {
      double[] means = new double[exchanges.size()];
      for (RewardFunction member : all) {
        double[] scores = member.scores(exchanges);
        for (int i = 0; i < means.length; i++) {
          means[i] += scores[i] / all.size();
        }
      }
      return means;
    };
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    return judge.compare(comparisons);
  }

  /** The judge's. */
  @Override
  public String identity() {
    return judge.identity();
  }

  @Override
  public double[] scores(List<Exchange> exchanges) {
    return reward.scores(exchanges);
  }
}
