package io.sgpo.examples.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts numbers of bytes: {@code 5GB} is 5 · 10⁹, {@code 5GiB} 5 · 2³⁰, {@code 5} five. */
final class Bytes implements ITypeConverter<Long> {

  private static final Pattern FORM = Pattern.compile("(\\d{1,15})([a-z]{0,3})");

  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "b", 1L,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30);

  @Override
  public Long convert(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      Long unit = UNITS.get(matcher.group(2));
      long count = Long.parseLong(matcher.group(1));
      if (unit != null && count >= 1 && count <= Long.MAX_VALUE / unit) {
        return count * unit;
      }
    }
    throw new TypeConversionException(
        "must be a number of bytes such as 800MB or 5GB, but was \"" + text + "\"");
  }
}
