package io.sgpo.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Texts as Python treats them. */
final class PythonText {

  private static final String DIGITS = "\\d+(_\\d+)*";

  private static final Pattern WHOLE = Pattern.compile("[+-]?" + DIGITS);

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(D(\\.(D)?)?|\\.D)([eE][+-]?D)?".replace("D", DIGITS));

  private PythonText() {}

  /** {@code str.isspace} of one character. */
  static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0D)
        || (c >= 0x1C && c <= 0x20)
        || c == 0x85
        || c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  static String strip(String text) {
    return lstrip(rstrip(text));
  }

  static String lstrip(String text) {
    int begin = 0;
    while (begin < text.length() && isSpace(text.charAt(begin))) {
      begin++;
    }
    return text.substring(begin);
  }

  static String rstrip(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** {@code lstrip(characters)}: drops leading characters of that set. */
  static String lstrip(String text, String characters) {
    int begin = 0;
    while (begin < text.length() && characters.indexOf(text.codePointAt(begin)) >= 0) {
      begin += Character.charCount(text.codePointAt(begin));
    }
    return text.substring(begin);
  }

  /** {@code rstrip(characters)}: drops trailing characters of that set. */
  static String rstrip(String text, String characters) {
    int end = text.length();
    while (end > 0 && characters.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(0, end);
  }

  /** {@code split()}: the words between whitespace. */
  static List<Object> words(String text, long limit) {
    List<Object> words = new ArrayList<>();
    String rest = lstrip(text);
    while (!rest.isEmpty()) {
      int end = 0;
      while (end < rest.length() && !isSpace(rest.charAt(end))) {
        end++;
      }
      if (limit >= 0 && words.size() >= limit) {
        words.add(rstrip(rest));
        return words;
      }
      words.add(rest.substring(0, end));
      rest = lstrip(rest.substring(end));
    }
    return words;
  }

  /** {@code split(separator, limit)}; a negative limit is none. */
  static List<Object> split(String text, String separator, long limit) {
    List<Object> parts = new ArrayList<>();
    int begin = 0;
    int found = text.indexOf(separator);
    while (found >= 0 && (limit < 0 || parts.size() < limit)) {
      parts.add(text.substring(begin, found));
      begin = found + separator.length();
      found = text.indexOf(separator, begin);
    }
    parts.add(text.substring(begin));
    return parts;
  }

  /** {@code rsplit(separator, limit)}; a negative limit is none. */
  static List<Object> splitFromEnd(String text, String separator, long limit) {
    List<Object> parts = new ArrayList<>();
    int end = text.length();
    int found = text.lastIndexOf(separator);
    while (found >= 0 && (limit < 0 || parts.size() < limit)) {
      parts.add(0, text.substring(found + separator.length(), end));
      end = found;
      found = found == 0 ? -1 : text.substring(0, end).lastIndexOf(separator);
    }
    parts.add(0, text.substring(0, end));
    return parts;
  }

  /** {@code splitlines()}: the lines without their ends; no empty one after the last end. */
  static List<Object> lines(String text) {
    List<Object> lines = new ArrayList<>();
    int begin = 0;
    for (int at = 0; at < text.length(); at++) {
      if (isLineEnd(text.charAt(at))) {
        lines.add(text.substring(begin, at));
        at += text.startsWith("\r\n", at) ? 1 : 0;
        begin = at + 1;
      }
    }
    if (begin < text.length()) {
      lines.add(text.substring(begin));
    }
    return lines;
  }

  private static boolean isLineEnd(int c) {
    return (c >= 0x0A && c <= 0x0D)
        || (c >= 0x1C && c <= 0x1E)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /**
   * What Jinja's filter {@code int} reads in a text: {@code int(text)}, or else {@code
   * int(float(text))}; nothing where that is no finite number.
   *
   * @throws JinjaException if it is a whole number of more than 64 bits
   */
  static Optional<Long> integer(String text) {
    String trimmed = strip(text);
    if (!NUMBER.matcher(trimmed).matches()) {
      return Optional.empty();
    }
    String digits = trimmed.replace("_", "");
    boolean whole = WHOLE.matcher(digits).matches();
    double value = Double.parseDouble(digits);
    if (!whole && Double.isInfinite(value)) {
      return Optional.empty();
    }
    BigInteger number = whole ? new BigInteger(digits) : new BigDecimal(value).toBigInteger();
    if (number.bitLength() >= Long.SIZE) {
      throw JinjaException.unsupported("whole number of more than 64 bits");
    }
    return Optional.of(number.longValue());
  }

  /** {@code capitalize()}: the first character upper, the others lower case. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  static long length(String text) {
    return text.codePointCount(0, text.length());
  }

  static List<Object> characters(String text) {
    List<Object> characters = new ArrayList<>();
    text.codePoints().forEach(c -> characters.add(Character.toString(c)));
    return characters;
  }

  /** The value of a string literal's inside. */
  static String unescape(String literal) {
    StringBuilder text = new StringBuilder(literal.length());
    int at = 0;
    while (at < literal.length()) {
      char c = literal.charAt(at++);
      if (c == '\\') {
        at = unescapeOne(literal, at, text);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static int unescapeOne(String literal, int at, StringBuilder text) {
    char c = literal.charAt(at);
    int plain = "\\'\"abfnrtv".indexOf(c);
    if (plain >= 0) {
      text.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(plain));
      return at + 1;
    }
    return switch (c) {
      case '\n' -> at + 1;
      case 'x' -> codePoint(literal, at + 1, 2, text);
      case 'u' -> codePoint(literal, at + 1, 4, text);
      case 'U' -> codePoint(literal, at + 1, 8, text);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(literal, at, text);
      case 'N' -> throw JinjaException.unsupported("\\N in a string");
      default -> {
        text.append('\\').append(c);
        yield at + 1;
      }
    };
  }

  private static int octal(String literal, int at, StringBuilder text) {
    int end = at;
    while (end < Math.min(at + 3, literal.length())
        && "01234567".indexOf(literal.charAt(end)) >= 0) {
      end++;
    }
    text.appendCodePoint(Integer.parseInt(literal.substring(at, end), 8));
    return end;
  }

  private static int codePoint(String literal, int at, int digits, StringBuilder text) {
    try {
      text.appendCodePoint(Integer.parseInt(literal.substring(at, at + digits), 16));
      return at + digits;
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw new JinjaException("a string holds a malformed escape: " + literal);
    }
  }
}
