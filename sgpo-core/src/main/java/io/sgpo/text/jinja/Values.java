package io.sgpo.text.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Python's view of values: truth, text, type, equality, elements. */
final class Values {

  private Values() {}

  static boolean truth(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    return value != None.NONE && !(value instanceof Undefined);
  }

  /** {@code str(value)}. */
  static String text(Object value) {
    return value instanceof String text ? text : representation(value);
  }

  /** {@code repr(value)}. */
  static String representation(Object value) {
    if (value instanceof String text) {
      return quoted(text);
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof Long) {
      return value.toString();
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof List<?> list) {
      List<String> elements = new ArrayList<>();
      list.forEach(element -> elements.add(representation(element)));
      return "[" + String.join(", ", elements) + "]";
    }
    if (value instanceof Map<?, ?> map) {
      List<String> entries = new ArrayList<>();
      map.forEach((k, v) -> entries.add(representation(k) + ": " + representation(v)));
      return "{" + String.join(", ", entries) + "}";
    }
    if (value == None.NONE) {
      return "None";
    }
    if (value instanceof Undefined) {
      return "";
    }
    throw JinjaException.unsupported("printing " + typeName(value));
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder().append(quote);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                  if (c == quote) {
                    out.append('\\');
                  }
                  if (c < 0x20 || c == 0x7F) {
                    out.append(String.format("\\x%02x", c));
                  } else {
                    out.appendCodePoint(c);
                  }
                }
              }
            });
    return out.append(quote).toString();
  }

  /** The shortest decimal that reads back as the number, in Python's layout. */
  static String number(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    if (number == 0) {
      return 1 / number > 0 ? "0.0" : "-0.0";
    }
    BigDecimal exact = new BigDecimal(number);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= 17; digits++) {
      shortest = exact.round(new MathContext(digits));
      if (shortest.doubleValue() == number) {
        break;
      }
    }
    return layout(shortest.stripTrailingZeros());
  }

  private static String layout(BigDecimal decimal) {
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = decimal.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = decimal.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return (decimal.signum() < 0 ? "-" : "")
        + mantissa
        + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  static String typeName(Object value) {
    if (value instanceof String) {
      return "a text";
    }
    if (value instanceof Boolean) {
      return "a boolean";
    }
    if (value instanceof Number) {
      return "a number";
    }
    if (value instanceof List) {
      return "a list";
    }
    if (value instanceof Map) {
      return "a dictionary";
    }
    if (value instanceof Callable) {
      return "a function or method that is not called";
    }
    return value == None.NONE ? "None" : "a " + value.getClass().getSimpleName();
  }

  /** {@code a == b}. */
  static boolean equal(Object a, Object b) {
    if (isNumeric(a) && isNumeric(b)) {
      return compareNumbers(a, b) == 0;
    }
    if (a instanceof List<?> left && b instanceof List<?> right) {
      if (left.size() != right.size()) {
        return false;
      }
      for (int i = 0; i < left.size(); i++) {
        if (!equal(left.get(i), right.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
      return left.keySet().equals(right.keySet())
          && left.entrySet().stream()
              .allMatch(e -> equal(e.getValue(), Objects.requireNonNull(right.get(e.getKey()))));
    }
    return (a instanceof Undefined && b instanceof Undefined) || a.equals(b);
  }

  static boolean isNumeric(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static int compareNumbers(Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      return Double.compare(toDouble(a) + 0.0, toDouble(b) + 0.0);
    }
    return Long.compare(toLong(a, "comparison"), toLong(b, "comparison"));
  }

  static double toDouble(Object value) {
    return value instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) value).doubleValue();
  }

  /** An integer. */
  static long toLong(Object value, String what) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    throw new JinjaException(what + " needs an integer, but got " + describe(value));
  }

  static String requireText(Object value, String what) {
    if (value instanceof String text) {
      return text;
    }
    throw new JinjaException(what + " needs a text, but got " + describe(value));
  }

  /** A value and its type, for messages. */
  static String describe(Object value) {
    if (value instanceof Undefined undefined) {
      return "the undefined \"" + undefined.name() + "\"";
    }
    return typeName(value);
  }

  /** What iterating over a value yields. */
  static List<Object> elements(Object value) {
    if (value instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    if (value instanceof String text) {
      return PythonText.characters(text);
    }
    if (value instanceof Undefined) {
      return new ArrayList<>();
    }
    throw new JinjaException(typeName(value) + " cannot be iterated over");
  }

  static long length(Object value) {
    return value instanceof String text ? PythonText.length(text) : elements(value).size();
  }
}
