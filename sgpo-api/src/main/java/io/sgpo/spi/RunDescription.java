package io.sgpo.spi;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What makes a run this run and not another.
 *
 * @param engine the engine's name
 * @param settings all that its result depends on but the policy, by name
 */
public record RunDescription(String engine, Map<String, String> settings) {
  public RunDescription {
    Objects.requireNonNull(engine, "engine");
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }
}
