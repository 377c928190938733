package io.sgpo.spi;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What makes a run this run and not another, and where it computes.
 *
 * @param engine the engine's name
 * @param settings all that its result depends on but the policy, by name
 * @param heldOut the held-out measure and what it depends on, by name; empty without one. It may
 *     come or go when a run is resumed, but not become another
 * @param device where the policy computes; told and not compared
 */
public record RunDescription(
    String engine, Map<String, String> settings, Map<String, String> heldOut, String device) {
  public RunDescription {
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(device, "device");
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    heldOut = Collections.unmodifiableMap(new TreeMap<>(heldOut));
  }
}
