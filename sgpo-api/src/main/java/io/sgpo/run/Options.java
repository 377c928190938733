package io.sgpo.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options that were set for a run; an immutable map with typed access. */
public final class Options {

  private static final Options NONE = new Options(Map.of());

  private final Map<Option<?>, Object> values;

  private Options(Map<Option<?>, Object> values) {
    this.values = values;
  }

  /** No option set. */
  public static Options none() {
    return NONE;
  }

  /**
   * These options and one more, or another value for it.
   *
   * @throws IllegalArgumentException if the value breaks the option's rule
   */
  public <T> Options with(Option<T> option, T value) {
    Map<Option<?>, Object> changed = new LinkedHashMap<>(values);
    changed.put(option, option.require(value));
    return new Options(changed);
  }

  /** The value that was set. */
  @SuppressWarnings("unchecked") // with() admits only values of the option's own type
  public <T> Optional<T> get(Option<T> option) {
    return Optional.ofNullable((T) values.get(option));
  }

  /** The value that was set, or the default. */
  public <T> T get(Option<T> option, T defaultValue) {
    return get(option).orElse(defaultValue);
  }

  /**
   * The value of an option the engine cannot do without.
   *
   * @throws IllegalStateException if it was not set
   */
  public <T> T require(Option<T> option) {
    return get(option)
        .orElseThrow(
            () -> new IllegalStateException(option.name() + " must be set for this engine"));
  }

  public boolean isSet(Option<?> option) {
    return values.containsKey(option);
  }

  /** The options that were set, in the order they were first set. */
  public Set<Option<?>> set() {
    return Collections.unmodifiableSet(values.keySet());
  }
}
