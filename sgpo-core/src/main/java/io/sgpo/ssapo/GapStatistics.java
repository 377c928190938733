package io.sgpo.ssapo;

import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What is reported of the pairs of a round, each as it was when it was last seen. */
final class GapStatistics {

  private GapStatistics() {}

  /** Of the pairs that have been seen; nothing if none has. */
  static void put(Map<Metric, Double> metrics, PairTable table, int[] pairs, double beta) {
    int[] seen = table.seen(pairs);
    if (seen.length == 0) {
      return;
    }
    gaps(metrics, table.lastSeen(seen, beta));
    logProbs(metrics, table, seen);
  }

  private static void gaps(Map<Metric, Double> metrics, double[] gaps) {
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    metrics.put(Metrics.GAP_MEAN, GapFollower.mean(gaps));
    metrics.put(Metrics.GAP_MIN, sorted[0]);
    metrics.put(Metrics.GAP_LOWER_TAIL, Support.quantile(sorted, 0.05));
    metrics.put(Metrics.GAP_LOWER_QUARTILE, Support.quantile(sorted, 0.25));
    metrics.put(Metrics.GAP_MEDIAN, Support.quantile(sorted, 0.5));
    metrics.put(Metrics.GAP_UPPER_QUARTILE, Support.quantile(sorted, 0.75));
    metrics.put(Metrics.GAP_UPPER_TAIL, Support.quantile(sorted, 0.95));
    metrics.put(Metrics.GAP_MAX, sorted[sorted.length - 1]);
    double ranked = Arrays.stream(gaps).filter(gap -> gap > 0).count();
    metrics.put(Metrics.GAP_ACCURACY, ranked / gaps.length);
  }

  /** The likelihoods themselves: a gap may grow while both of them fall. */
  private static void logProbs(Map<Metric, Double> metrics, PairTable table, int[] pairs) {
    double chosen = mean(pairs, pair -> table.seen(pair).chosen());
    double rejected = mean(pairs, pair -> table.seen(pair).rejected());
    metrics.put(Metrics.CHOSEN_LOG_PROB, chosen);
    metrics.put(Metrics.REJECTED_LOG_PROB, rejected);
    metrics.put(
        Metrics.CHOSEN_SHIFT,
        mean(pairs, pair -> table.seen(pair).chosen() - table.reference(pair).chosen()));
    metrics.put(
        Metrics.REJECTED_SHIFT,
        mean(pairs, pair -> table.seen(pair).rejected() - table.reference(pair).rejected()));
  }

  private static double mean(int[] pairs, ToDoubleFunction<Integer> of) {
    return GapFollower.mean(IntStream.of(pairs).mapToDouble(of::applyAsDouble).toArray());
  }
}
