package io.sgpo.run;

import java.util.Objects;

/**
 * A measured quantity of a run.
 *
 * @param name a stable identifier, such as {@code gap.mean}
 * @param unit its unit, or {@code 1} for a pure number
 * @param formula what it is, in the symbols of the papers
 */
public record Metric(String name, String unit, String formula) {
  public Metric {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(formula, "formula");
  }
}
