package io.sgpo.judge;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferencePair;
import io.sgpo.solvers.stats.WinRate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How well a reward agrees with labelled pairs.
 *
 * @param accuracy the share of pairs whose preferred response has the higher reward, equal rewards
 *     counting half, with a bootstrap interval over prompts; pairs with a label of exactly ½ have
 *     no preferred response and are left out
 * @param loss the mean Bradley–Terry loss of all pairs, in nats
 * @param margin the mean of r(chosen) − r(rejected)
 * @param pairs how many pairs there were
 */
public record RewardAccuracy(WinRate accuracy, double loss, double margin, int pairs) {

  public RewardAccuracy {
    Objects.requireNonNull(accuracy, "accuracy");
  }

  /**
   * Scores both responses of every pair.
   *
   * @param pairs at least one with a preferred response
   * @param seed of the interval's resamples
   * @throws IllegalArgumentException if an exchange cannot be read, or no pair has a preferred
   *     response
   */
  public static RewardAccuracy of(RewardFunction reward, List<PreferencePair> pairs, long seed) {
    List<Exchange> exchanges = new ArrayList<>(2 * pairs.size());
    for (PreferencePair pair : pairs) {
      exchanges.add(pair.chosenExchange());
      exchanges.add(pair.rejectedExchange());
    }
    return of(reward.scores(exchanges), pairs, seed);
  }

  private static RewardAccuracy of(double[] scores, List<PreferencePair> pairs, long seed) {
    Map<Prompt, Integer> prompts = new HashMap<>();
    List<Integer> clusters = new ArrayList<>();
    List<Double> wins = new ArrayList<>();
    double loss = 0;
    double margins = 0;
    for (int i = 0; i < pairs.size(); i++) {
      double label = pairs.get(i).probability();
      double margin = scores[2 * i] - scores[2 * i + 1];
      loss += BradleyTerryLoss.value(scores[2 * i], scores[2 * i + 1], label, 0);
      margins += margin;
      if (label != 0.5) {
        wins.add((1 + Math.signum(margin) * Math.signum(label - 0.5)) / 2);
        clusters.add(prompts.computeIfAbsent(pairs.get(i).prompt(), any -> prompts.size()));
      }
    }
    if (wins.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one pair must have a preferred response, but none of " + pairs.size() + " has");
    }
    return new RewardAccuracy(
        WinRate.of(
            wins.stream().mapToDouble(win -> win).toArray(),
            clusters.stream().mapToInt(cluster -> cluster).toArray(),
            Streams.of(seed, "reward-accuracy")),
        loss / pairs.size(),
        margins / pairs.size(),
        pairs.size());
  }
}
