package io.sgpo.text.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a call.
 *
 * @param positional in order
 * @param named by keyword
 */
record Arguments(List<Object> positional, Map<String, Object> named) {

  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /** The values by parameter; a call that passes something else is refused. */
  Bound bind(String what, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new JinjaException(
          what
              + " takes at most "
              + parameters.length
              + " arguments, but got "
              + positional.size());
    }
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      values.put(parameters[i], positional.get(i));
    }
    List<String> known = List.of(parameters);
    named.forEach(
        (name, value) -> {
          if (!known.contains(name) || values.put(name, value) != null) {
            throw new JinjaException(what + " got an unexpected argument \"" + name + "\"");
          }
        });
    return new Bound(what, values);
  }

  /** The arguments without the first positional one. */
  Arguments rest() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }

  /**
   * Arguments assigned to parameters.
   *
   * @param what the callee, for messages
   * @param values by parameter
   */
  record Bound(String what, Map<String, Object> values) {

    Object get(String parameter, Object otherwise) {
      return values.getOrDefault(parameter, otherwise);
    }

    Object require(String parameter) {
      Object value = values.get(parameter);
      if (value == null) {
        throw new JinjaException(what + " lacks the argument \"" + parameter + "\"");
      }
      return value;
    }

    String text(String parameter) {
      return Values.requireText(require(parameter), what);
    }

    boolean flag(String parameter, boolean otherwise) {
      return Values.truth(get(parameter, otherwise));
    }

    boolean has(String parameter) {
      return values.containsKey(parameter) && values.get(parameter) != None.NONE;
    }
  }
}
