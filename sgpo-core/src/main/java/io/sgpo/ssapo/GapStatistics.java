package io.sgpo.ssapo;

import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import java.util.Arrays;
import java.util.Map;

/** What is reported of gaps. */
final class GapStatistics {

  private GapStatistics() {}

  /** Of the gaps that have been seen; nothing if none has. */
  static void put(Map<Metric, Double> metrics, double[] lastSeen) {
    double[] gaps = Arrays.stream(lastSeen).filter(gap -> !Double.isNaN(gap)).toArray();
    if (gaps.length == 0) {
      return;
    }
    metrics.put(Metrics.GAP_MEAN, GapFollower.mean(gaps));
    metrics.put(Metrics.GAP_MIN, Arrays.stream(gaps).min().getAsDouble());
    metrics.put(Metrics.GAP_MAX, Arrays.stream(gaps).max().getAsDouble());
    double ranked = Arrays.stream(gaps).filter(gap -> gap > 0).count();
    metrics.put(Metrics.GAP_ACCURACY, ranked / gaps.length);
  }
}
