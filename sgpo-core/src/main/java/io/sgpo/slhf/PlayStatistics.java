package io.sgpo.slhf;

import io.sgpo.policy.LogProbs;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is counted between two reports. Not thread-safe. */
final class PlayStatistics {

  private long judged;
  private long ties;
  private long abstentions;
  private long failures;
  private long steps;
  private long responses;
  private long tokens;
  private double loss;
  private double followerPreference;
  private double leaderRatio;
  private double followerRatio;

  void verdict(Verdict verdict) {
    if (verdict instanceof Verdict.Preference preference) {
      judged++;
      ties += preference.probability() == 0.5 ? 1 : 0;
      followerPreference += 1 - preference.probability();
    } else if (verdict instanceof Verdict.Abstention) {
      abstentions++;
    } else {
      failures++;
    }
  }

  void step(double stepLoss) {
    steps++;
    loss += stepLoss;
  }

  void scored(Play play, LogProbs leader, LogProbs follower) {
    leaderRatio += leader.sum() - play.leaderReference().sum();
    followerRatio += follower.sum() - play.followerReference().sum();
    responses += 2;
    tokens += leader.size() + follower.size();
  }

  /** Nothing is reported of what was not measured. */
  Map<Metric, Double> metrics() {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metrics.STEPS, (double) steps);
    if (steps > 0) {
      metrics.put(Metrics.LOSS, loss / steps);
      metrics.put(Metrics.FOLLOWER_PREFERENCE, followerPreference / judged);
      metrics.put(Metrics.LEADER_KL, 2 * leaderRatio / responses);
      metrics.put(Metrics.FOLLOWER_KL, 2 * followerRatio / responses);
      metrics.put(Metrics.RESPONSE_LENGTH, (double) tokens / responses);
    }
    metrics.put(Metrics.TIES, (double) ties);
    metrics.put(Metrics.ABSTENTIONS, (double) abstentions);
    metrics.put(Metrics.FAILURES, (double) failures);
    return metrics;
  }
}
