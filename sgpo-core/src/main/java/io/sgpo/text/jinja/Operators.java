package io.sgpo.text.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The binary operators on values. */
final class Operators {

  private Operators() {}

  static boolean compare(String operator, Object left, Object right) {
    return switch (operator) {
      case "==" -> Values.equal(left, right);
      case "!=" -> !Values.equal(left, right);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      case "<" -> order(left, right) < 0;
      case "<=" -> order(left, right) <= 0;
      case ">" -> order(left, right) > 0;
      default -> order(left, right) >= 0;
    };
  }

  static boolean contains(Object container, Object element) {
    if (container instanceof String text) {
      return text.contains(Values.requireText(element, "\"in\" a text"));
    }
    return Values.elements(container).stream().anyMatch(value -> Values.equal(value, element));
  }

  static int order(Object left, Object right) {
    if (Values.isNumeric(left) && Values.isNumeric(right)) {
      return Values.compareNumbers(left, right);
    }
    if (left instanceof String a && right instanceof String b) {
      int[] x = a.codePoints().toArray();
      int[] y = b.codePoints().toArray();
      return Arrays.compare(x, y);
    }
    throw new JinjaException(
        Values.describe(left) + " and " + Values.describe(right) + " have no order");
  }

  static Object calculate(String operator, Object left, Object right, Budget budget) {
    budget.step();
    if (operator.equals("~")) {
      return concat(Values.text(left), Values.text(right), budget);
    }
    if (Values.isNumeric(left) && Values.isNumeric(right)) {
      return arithmetic(operator, left, right);
    }
    if (operator.equals("+") && left instanceof String a && right instanceof String b) {
      return concat(a, b, budget);
    }
    if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
      budget.build((long) a.size() + b.size());
      List<Object> joined = new ArrayList<>(a);
      joined.addAll(b);
      return joined;
    }
    if (operator.equals("*") && left instanceof String text && right instanceof Long times) {
      return repeat(text, times, budget);
    }
    if (operator.equals("*") && left instanceof Long times && right instanceof String text) {
      return repeat(text, times, budget);
    }
    if (operator.equals("%") && left instanceof String) {
      throw JinjaException.unsupported("formatting with %");
    }
    throw new JinjaException(
        "cannot calculate "
            + Values.describe(left)
            + " "
            + operator
            + " "
            + Values.describe(right));
  }

  private static String concat(String left, String right, Budget budget) {
    budget.build((long) left.length() + right.length());
    return left + right;
  }

  private static String repeat(String text, long times, Budget budget) {
    if (times <= 0) {
      return "";
    }
    budget.build(text.isEmpty() ? 0 : multiply(text.length(), times));
    return text.isEmpty() ? "" : text.repeat((int) times);
  }

  private static long multiply(long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw new JinjaException("integer overflow in " + a + " * " + b);
    }
  }

  private static Object arithmetic(String operator, Object left, Object right) {
    boolean real = left instanceof Double || right instanceof Double || operator.equals("/");
    try {
      return real
          ? reals(operator, Values.toDouble(left), Values.toDouble(right))
          : integers(operator, Values.toLong(left, operator), Values.toLong(right, operator));
    } catch (ArithmeticException e) {
      throw new JinjaException(
          "cannot calculate "
              + Values.text(left)
              + " "
              + operator
              + " "
              + Values.text(right)
              + ": "
              + e.getMessage());
    }
  }

  private static Object integers(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "//" -> Math.floorDiv(a, b);
      default -> Math.floorMod(a, b);
    };
  }

  private static Object reals(String operator, double a, double b) {
    if (b == 0 && !operator.equals("+") && !operator.equals("-") && !operator.equals("*")) {
      throw new ArithmeticException("division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      default -> a - b * Math.floor(a / b);
    };
  }

  /** The entries of a dictionary as pairs. */
  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(List.of(key, value)));
    return items;
  }
}
