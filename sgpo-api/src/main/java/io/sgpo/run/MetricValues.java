package io.sgpo.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Measured values, in the order they were measured. Immutable.
 *
 * @param values the value of each metric
 */
public record MetricValues(Map<Metric, Double> values) {

  public MetricValues {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The value of a metric, if it was measured. */
  public OptionalDouble get(Metric metric) {
    Double value = values.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The values as a state, for checkpoints. */
  public RunState toState() {
    List<RunState> metrics = new ArrayList<>();
    values.forEach(
        (metric, value) ->
            metrics.add(
                new RunState()
                    .put("name", metric.name())
                    .put("unit", metric.unit())
                    .put("formula", metric.formula())
                    .put("value", value.doubleValue())));
    return new RunState().put("metrics", metrics);
  }

  /**
   * The values of a state that {@link #toState} gave.
   *
   * @throws IllegalArgumentException if it is no such state
   */
  public static MetricValues of(RunState state) {
    Map<Metric, Double> values = new LinkedHashMap<>();
    for (RunState metric : state.states("metrics")) {
      values.put(
          new Metric(metric.text("name"), metric.text("unit"), metric.text("formula")),
          metric.number("value"));
    }
    return new MetricValues(values);
  }

  /** The metrics' names with their values. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey().name() + "=" + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
