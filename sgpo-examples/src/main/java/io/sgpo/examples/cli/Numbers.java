package io.sgpo.examples.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers separated by commas, as one value on the command line. */
final class Numbers {

  /** Converts the text of an option. */
  static final class Converter implements ITypeConverter<Numbers> {
    @Override
    public Numbers convert(String text) {
      String[] parts = text.split(",", -1);
      double[] values = new double[parts.length];
      for (int i = 0; i < parts.length; i++) {
        values[i] = number(parts[i].strip(), text);
      }
      return new Numbers(text, values);
    }
  }

  private final String text;
  private final double[] values;

  private Numbers(String text, double[] values) {
    this.text = text;
    this.values = values;
  }

  double[] values() {
    return values.clone();
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * A decimal number, {@code NaN} or {@code Infinity}. Of what Java takes beyond that, nothing:
   * neither hexadecimal nor the suffixes d and f.
   *
   * @throws NumberFormatException if it is none
   */
  static double parse(String text) {
    boolean javaLiteral =
        !text.isEmpty()
            && ("dDfF".indexOf(text.charAt(text.length() - 1)) >= 0
                || text.indexOf('x') >= 0
                || text.indexOf('X') >= 0);
    if (javaLiteral) {
      throw new NumberFormatException(text);
    }
    return Double.parseDouble(text);
  }

  private static double number(String part, String text) {
    try {
      return parse(part);
    } catch (NumberFormatException e) {
      TypeConversionException failure =
          new TypeConversionException(
              "must be numbers separated by commas, but \""
                  + part
                  + "\" of \""
                  + text
                  + "\" is none");
      failure.initCause(e);
      throw failure;
    }
  }
}
