package io.sgpo.run;

/**
 * A measured value with its interval.
 *
 * @param value the value
 * @param lower lower end of its 95 % interval, NaN if there is none
 * @param upper upper end, NaN if there is none
 */
public record Measured(double value, double lower, double upper) {

  /** A value without an interval. */
  public static Measured of(double value) {
    return new Measured(value, Double.NaN, Double.NaN);
  }
}
