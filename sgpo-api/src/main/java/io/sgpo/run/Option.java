package io.sgpo.run;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * A named, typed setting of an alignment run, with the rule its values obey. An engine declares the
 * options it reads; one of someone else's declares its own.
 *
 * <p>Options are identities: the same name declared twice is two options.
 *
 * @param <T> the type of its values
 */
public final class Option<T> {

  private final String name;
  private final Class<?> type;
  private final String rule;
  private final Predicate<? super T> check;

  private Option(String name, Class<?> type, String rule, Predicate<? super T> check) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = Objects.requireNonNull(type, "type");
    this.rule = Objects.requireNonNull(rule, "rule");
    this.check = Objects.requireNonNull(check, "check");
  }

  /**
   * An option whose values obey a rule.
   *
   * @param name a bare noun, as in the paper
   * @param type the class of its values
   * @param rule the rule in words that follow the name, such as {@code must be >= 0}
   * @param check whether a value obeys it
   */
  public static <T> Option<T> of(
      String name, Class<? super T> type, String rule, Predicate<? super T> check) {
    return new Option<>(name, type, rule, check);
  }

  /** An option that takes every non-null value of its type. */
  public static <T> Option<T> of(String name, Class<? super T> type) {
    return new Option<>(name, type, "must be set", value -> true);
  }

  public String name() {
    return name;
  }

  /** The class of its values. */
  public Class<?> type() {
    return type;
  }

  /**
   * The value, if it obeys the rule.
   *
   * @throws IllegalArgumentException naming option, rule and value
   */
  public T require(T value) {
    Objects.requireNonNull(value, name);
    if (!check.test(value)) {
      throw new IllegalArgumentException(name + " " + rule + ", but was " + value);
    }
    return value;
  }

  @Override
  public String toString() {
    return name;
  }
}
