package io.sgpo.examples.figures;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;

/** A table in Markdown. */
final class Markdown {
  private final StringBuilder out = new StringBuilder();

  Markdown(String... heads) {
    row(heads);
    String[] rules = new String[heads.length];
    Arrays.fill(rules, "---:");
    rules[0] = "---";
    row(rules);
  }

  Markdown row(String... cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    return this;
  }

  String text() {
    return out.toString();
  }

  /** A number with so many decimals. */
  static String fixed(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.startsWith("-") ? "−" + text.substring(1) : text;
  }

  /** A number with two significant digits. */
  static String rough(double value) {
    String text = new BigDecimal(value).round(new MathContext(2)).toPlainString();
    return text.startsWith("-") ? "−" + text.substring(1) : text;
  }

  static String percent(double share) {
    return rough(100 * share) + " %";
  }
}
