package io.sgpo.run;

import java.util.Collections;
import java.util.LinkedHashMap;
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

  /** The metrics' names with their values. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey().name() + "=" + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
