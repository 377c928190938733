package io.sgpo.text;

import io.sgpo.text.jinja.JinjaException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Python's {@code strftime} in the C locale, for {@code strftime_now} in templates. */
final class Strftime {

  private Strftime() {}

  /**
   * @throws JinjaException for a directive that is not supported, by name
   */
  static String format(String format, ZonedDateTime time) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      boolean unpadded = format.startsWith("-", i + 1);
      i += unpadded ? 2 : 1;
      String directive = i < format.length() ? format.substring(i, i + 1) : "";
      String text = directive(directive, time);
      out.append(unpadded ? text.replaceFirst("^0(?=.)", "") : text);
    }
    return out.toString();
  }

  private static String directive(String directive, ZonedDateTime time) {
    String pattern =
        switch (directive) {
          case "Y" -> "uuuu";
          case "y" -> "uu";
          case "m" -> "MM";
          case "d" -> "dd";
          case "B" -> "MMMM";
          case "b" -> "MMM";
          case "A" -> "EEEE";
          case "a" -> "EEE";
          case "H" -> "HH";
          case "I" -> "hh";
          case "M" -> "mm";
          case "S" -> "ss";
          case "p" -> "a";
          case "j" -> "DDD";
          case "F" -> "uuuu-MM-dd";
          case "T" -> "HH:mm:ss";
          case "%" -> "'%'";
          default ->
              throw new JinjaException(
                  "unsupported template construct: strftime directive %" + directive);
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
  }
}
