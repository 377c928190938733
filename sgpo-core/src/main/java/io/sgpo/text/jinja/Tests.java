package io.sgpo.text.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tests of {@code is}. */
final class Tests {

  private Tests() {}

  static boolean apply(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == None.NONE;
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map;
      case "iterable", "sequence" -> isIterable(value);
      case "number" -> Values.isNumeric(value);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "callable" -> value instanceof Callable;
      case "odd" -> Math.floorMod(Values.toLong(value, name), 2L) == 1;
      case "even" -> Math.floorMod(Values.toLong(value, name), 2L) == 0;
      case "lower" -> Values.text(value).equals(Values.text(value).toLowerCase(Locale.ROOT));
      case "upper" -> Values.text(value).equals(Values.text(value).toUpperCase(Locale.ROOT));
      default -> binary(name, value, arguments);
    };
  }

  private static boolean isIterable(Object value) {
    return value instanceof List
        || value instanceof Map
        || value instanceof String
        || value instanceof Undefined;
  }

  private static boolean binary(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "eq", "equalto", "==" -> Values.equal(value, other(name, arguments));
      case "ne", "!=" -> !Values.equal(value, other(name, arguments));
      case "lt", "lessthan", "<" -> Operators.order(value, other(name, arguments)) < 0;
      case "le", "<=" -> Operators.order(value, other(name, arguments)) <= 0;
      case "gt", "greaterthan", ">" -> Operators.order(value, other(name, arguments)) > 0;
      case "ge", ">=" -> Operators.order(value, other(name, arguments)) >= 0;
      case "in" -> Operators.contains(other(name, arguments), value);
      case "divisibleby" -> divisible(value, other(name, arguments));
      default -> throw JinjaException.unsupported("test \"" + name + "\"");
    };
  }

  private static boolean divisible(Object value, Object divisor) {
    long by = Values.toLong(divisor, "divisibleby");
    if (by == 0) {
      throw new JinjaException("divisibleby needs a divisor other than 0");
    }
    return Values.toLong(value, "divisibleby") % by == 0;
  }

  private static Object other(String name, Arguments arguments) {
    return arguments.bind("test " + name, "other").require("other");
  }
}
