package io.sgpo.examples.quickstart;

/**
 * A mean of independent observations.
 *
 * @param mean their mean
 * @param standardError its standard error; 0 for fewer than two observations
 */
record Estimate(double mean, double standardError) {

  static Estimate of(double[] observations) {
    int n = observations.length;
    double sum = 0;
    for (double value : observations) {
      sum += value;
    }
    double mean = sum / n;
    double squares = 0;
    for (double value : observations) {
      squares += (value - mean) * (value - mean);
    }
    return new Estimate(mean, n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n));
  }
}
