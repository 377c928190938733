package io.sgpo.text.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A scope: its variables, and those of the scopes around it. */
final class Frame {

  private final @Nullable Frame parent;
  private final Map<String, Object> variables;
  private final Budget budget;

  Frame(Map<String, Object> variables, Budget budget) {
    this.parent = null;
    this.variables = new HashMap<>(variables);
    this.budget = budget;
  }

  private Frame(Frame parent) {
    this.parent = parent;
    this.variables = new HashMap<>();
    this.budget = parent.budget;
  }

  Frame inner() {
    return new Frame(this);
  }

  Budget budget() {
    return budget;
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Object lookup(String name) {
    for (Frame frame = this; frame != null; frame = frame.parent) {
      Object value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return new Undefined(name);
  }
}
