package io.sgpo.train;

import io.sgpo.run.Option;
import java.util.LinkedHashSet;
import java.util.Set;

/** Sets of options. */
public final class OptionSets {

  private OptionSets() {}

  /** All options of the given sets. */
  @SafeVarargs
  public static Set<Option<?>> union(Set<Option<?>>... sets) {
    Set<Option<?>> all = new LinkedHashSet<>();
    for (Set<Option<?>> set : sets) {
      all.addAll(set);
    }
    return Set.copyOf(all);
  }
}
