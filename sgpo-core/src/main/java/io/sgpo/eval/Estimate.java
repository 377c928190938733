package io.sgpo.eval;

/**
 * A mean with its standard error.
 *
 * @param mean the mean of the observations
 * @param standardError s / √n; NaN for a single observation
 * @param size n, the number of observations
 */
public record Estimate(double mean, double standardError, int size) {

  /**
   * The estimate of independent observations.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Estimate of(double[] observations) {
    int n = observations.length;
    if (n == 0) {
      throw new IllegalArgumentException("observations must not be empty");
    }
    double sum = 0;
    for (double value : observations) {
      sum += value;
    }
    double mean = sum / n;
    double squares = 0;
    for (double value : observations) {
      squares += (value - mean) * (value - mean);
    }
    double error = n == 1 ? Double.NaN : Math.sqrt(squares / (n - 1) / n);
    return new Estimate(mean, error, n);
  }
}
