package io.sgpo.ssapo;

import io.sgpo.run.Metric;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.run.RunState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the follower's solves of a round's batches report together: of the range of the weights the
 * ends over all batches, of everything else the mean over the batches that report it. Not
 * thread-safe.
 */
final class FollowerAverages {

  private final Map<Metric, Double> totals = new LinkedHashMap<>();
  private final Map<Metric, Double> counts = new LinkedHashMap<>();

  /** Takes what one solve reports. */
  void add(Map<Metric, Double> solved) {
    solved.forEach(
        (metric, value) -> {
          totals.merge(metric, value, (total, next) -> joined(metric, total, next));
          counts.merge(metric, 1.0, Double::sum);
        });
  }

  private static double joined(Metric metric, double total, double next) {
    if (metric.equals(Metrics.WEIGHT_MIN)) {
      return Math.min(total, next);
    }
    return metric.equals(Metrics.WEIGHT_MAX) ? Math.max(total, next) : total + next;
  }

  /** What there is to report of the round. */
  Map<Metric, Double> metrics() {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    totals.forEach(
        (metric, total) -> {
          boolean end = metric.equals(Metrics.WEIGHT_MIN) || metric.equals(Metrics.WEIGHT_MAX);
          metrics.put(metric, end ? total : total / counts.getOrDefault(metric, 1.0));
        });
    return metrics;
  }

  RunState state() {
    return new RunState()
        .put("totals", new MetricValues(totals).toState())
        .put("counts", new MetricValues(counts).toState());
  }

  void restore(RunState state) {
    totals.clear();
    counts.clear();
    totals.putAll(MetricValues.of(state.state("totals")).values());
    counts.putAll(MetricValues.of(state.state("counts")).values());
  }
}
