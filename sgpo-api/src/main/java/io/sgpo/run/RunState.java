package io.sgpo.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Named values from which a run goes on: what an engine gives to a checkpoint and gets back from
 * it. Values are long and double numbers, flags, texts, arrays of numbers, and further states.
 *
 * <pre>{@code
 * RunState state = new RunState().put("round", 3).put("gaps", gaps);
 * double[] gaps = state.numbers("gaps");
 * }</pre>
 *
 * <p>A double comes back with the same bits (all NaN are one). Arrays and lists are copied on the
 * way in and out. Not thread-safe.
 */
public final class RunState {

  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** A state without values. */
  public RunState() {}

  public RunState put(String name, long value) {
    return set(name, value);
  }

  public RunState put(String name, double value) {
    return set(name, value);
  }

  public RunState put(String name, boolean value) {
    return set(name, value);
  }

  public RunState put(String name, String value) {
    return set(name, value);
  }

  public RunState put(String name, long[] value) {
    return set(name, value.clone());
  }

  public RunState put(String name, double[] value) {
    return set(name, value.clone());
  }

  public RunState put(String name, RunState value) {
    return set(name, value);
  }

  public RunState put(String name, List<RunState> value) {
    return set(name, List.copyOf(value));
  }

  private RunState set(String name, Object value) {
    values.put(name, value);
    return this;
  }

  /** The names, in the order they were first put. */
  public Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * A value as it was put: a Long, Double, Boolean, String, {@code long[]}, {@code double[]},
   * RunState or a List of RunState. For those who write states.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Object value(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "the state must have the value " + name + ", but has " + values.keySet());
    }
    return value;
  }

  /**
   * A whole number.
   *
   * @throws IllegalArgumentException if there is none, as of all getters
   */
  public long integer(String name) {
    return as(name, Long.class, "a whole number");
  }

  /** A whole number that is an int. */
  public int count(String name) {
    long value = integer(name);
    if (value != (int) value) {
      throw new IllegalArgumentException(name + " must be an int, but was " + value);
    }
    return (int) value;
  }

  /** A number. Stores may give NaN and the infinities as texts. */
  public double number(String name) {
    Object value = value(name);
    if (value instanceof String text && NOT_FINITE.contains(text)) {
      return Double.parseDouble(text);
    }
    return as(name, Double.class, "a number");
  }

  public boolean flag(String name) {
    return as(name, Boolean.class, "a flag");
  }

  public String text(String name) {
    return as(name, String.class, "a text");
  }

  /** Whole numbers. */
  public long[] integers(String name) {
    return isEmpty(name) ? new long[0] : as(name, long[].class, "whole numbers").clone();
  }

  /** Numbers. */
  public double[] numbers(String name) {
    return isEmpty(name) ? new double[0] : as(name, double[].class, "numbers").clone();
  }

  /** A state. */
  public RunState state(String name) {
    return as(name, RunState.class, "a state");
  }

  /** States. */
  @SuppressWarnings("unchecked") // only lists of states are put
  public List<RunState> states(String name) {
    return isEmpty(name) ? List.of() : as(name, List.class, "states");
  }

  /** An empty list has no type once it was written. */
  private boolean isEmpty(String name) {
    Object value = value(name);
    if (value instanceof long[] whole) {
      return whole.length == 0;
    }
    if (value instanceof double[] numbers) {
      return numbers.length == 0;
    }
    return value instanceof List<?> list && list.isEmpty();
  }

  private <T> T as(String name, Class<T> type, String what) {
    Object value = value(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          name + " must be " + what + ", but was a " + value.getClass().getSimpleName());
    }
    return type.cast(value);
  }

  /** The names; values may be long. */
  @Override
  public String toString() {
    return "RunState" + values.keySet();
  }
}
