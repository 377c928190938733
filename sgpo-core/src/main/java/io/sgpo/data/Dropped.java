package io.sgpo.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a reader dropped.
 *
 * @param rules how many rows broke each rule, in the order in which the rules were first broken
 * @param first the first {@value #EXAMPLES} of the rows, each with its number and what was found
 */
public record Dropped(Map<String, Long> rules, List<DataException> first) {

  /** How many rows are told one by one. */
  public static final int EXAMPLES = 20;

  /** Nothing. */
  public static final Dropped NONE = new Dropped(Map.of(), List.of());

  public Dropped {
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    first = List.copyOf(first);
  }

  /** How many rows. */
  public long rows() {
    return rules.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The rules with their counts. */
  @Override
  public String toString() {
    return rules.entrySet().stream()
        .map(rule -> rule.getValue() + " of \"" + rule.getKey() + "\"")
        .collect(Collectors.joining(", ", "dropped " + rows() + " rows: ", ""));
  }
}
