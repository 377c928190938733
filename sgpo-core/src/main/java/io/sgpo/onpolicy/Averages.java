package io.sgpo.onpolicy;

import io.sgpo.run.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is counted between two reports, as sums that can be stored. Not thread-safe. */
final class Averages {

  /** How a sum is reported. */
  enum Kind {
    /** As it is. */
    COUNT,
    /** Divided by its weight; not at all if there is none. */
    MEAN,
    /** As the standard deviation of what was added. */
    DEVIATION
  }

  /**
   * The sums behind a metric.
   *
   * @param sum of value times weight
   * @param squares of value squared times weight
   * @param weight of the weights
   */
  record Sum(Metric metric, Kind kind, double sum, double squares, double weight) {
    Sum {
      Objects.requireNonNull(metric, "metric");
      Objects.requireNonNull(kind, "kind");
    }

    private Sum plus(Sum other) {
      return new Sum(metric, kind, sum + other.sum, squares + other.squares, weight + other.weight);
    }

    private double value() {
      return switch (kind) {
        case COUNT -> sum;
        case MEAN -> sum / weight;
        case DEVIATION ->
            Math.sqrt(Math.max(0, squares / weight - (sum / weight) * (sum / weight)));
      };
    }
  }

  private final Map<Metric, Sum> sums = new LinkedHashMap<>();

  /** Sums that go on from a state. */
  static Averages of(List<Sum> state) {
    Averages averages = new Averages();
    state.forEach(averages::add);
    return averages;
  }

  /** All that a continuation needs. */
  List<Sum> state() {
    return List.copyOf(sums.values());
  }

  void count(Metric metric, double value) {
    add(new Sum(metric, Kind.COUNT, value, 0, 0));
  }

  /** What was counted so far. */
  double total(Metric metric) {
    Sum counted = sums.get(metric);
    return counted == null ? 0 : counted.sum();
  }

  void mean(Metric metric, double value) {
    add(new Sum(metric, Kind.MEAN, value, 0, 1));
  }

  /** A value that is a sum over {@code weight} things, of which the mean is reported. */
  void mean(Metric metric, double total, double weight) {
    add(new Sum(metric, Kind.MEAN, total, 0, weight));
  }

  void deviation(Metric metric, double value) {
    add(new Sum(metric, Kind.DEVIATION, value, value * value, 1));
  }

  private void add(Sum sum) {
    sums.merge(sum.metric(), sum, Sum::plus);
  }

  /** Nothing is reported of what was not measured. */
  Map<Metric, Double> metrics() {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    for (Sum sum : sums.values()) {
      if (sum.kind() == Kind.COUNT || sum.weight() > 0) {
        metrics.put(sum.metric(), sum.value());
      }
    }
    return metrics;
  }
}
