package io.sgpo.solvers.stats;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The difference of two means over independent runs (seeds), with Student's t interval.
 *
 * @param mean the mean of the first minus the mean of the second
 * @param lower the interval's lower end
 * @param upper the interval's upper end
 * @param confidence the interval's coverage, in (0, 1)
 * @param standardError the standard error of the difference
 * @param degreesOfFreedom of the t distribution; fractional for independent runs
 */
public record MeanDifference(
    double mean,
    double lower,
    double upper,
    double confidence,
    double standardError,
    double degreesOfFreedom) {

  /**
   * Runs that share their seeds pairwise: the t interval of the mean of first[i] − second[i].
   *
   * @param first one figure per seed, finite, at least two
   * @param second the other arm's figures for the same seeds
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException if an argument is outside its domain
   */
  public static MeanDifference paired(double[] first, double[] second, double confidence) {
    requireSample("first", first);
    requireSample("second", second);
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "first and second must have one figure per seed, but had "
              + first.length
              + " and "
              + second.length);
    }
    double[] differences = new double[first.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = first[i] - second[i];
    }
    return of(
        mean(differences),
        Math.sqrt(variance(differences) / differences.length),
        differences.length - 1,
        confidence);
  }

  /**
   * Runs with seeds of their own: Welch's interval, which lets the variances differ.
   *
   * @param first one figure per run, finite, at least two
   * @param second the other arm's figures, at least two
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException if an argument is outside its domain
   */
  public static MeanDifference independent(double[] first, double[] second, double confidence) {
    requireSample("first", first);
    requireSample("second", second);
    double u = variance(first) / first.length;
    double v = variance(second) / second.length;
    // Welch–Satterthwaite: ν = (u + v)² / (u²/(n−1) + v²/(m−1))
    double degrees =
        u + v == 0
            ? first.length + second.length - 2
            : (u + v) * (u + v) / (u * u / (first.length - 1) + v * v / (second.length - 1));
    return of(mean(first) - mean(second), Math.sqrt(u + v), degrees, confidence);
  }

  /** Whether the interval excludes 0. */
  public boolean significant() {
    return lower > 0 || upper < 0;
  }

  private static MeanDifference of(
      double mean, double standardError, double degrees, double confidence) {
    Interval.requireConfidence(confidence);
    double quantile = TDistribution.of(degrees).inverseCumulativeProbability((1 + confidence) / 2);
    double half = quantile * standardError;
    return new MeanDifference(mean, mean - half, mean + half, confidence, standardError, degrees);
  }

  private static double mean(double[] sample) {
    double sum = 0;
    for (double figure : sample) {
      sum += figure / sample.length;
    }
    return sum;
  }

  /** Σ (x − mean)² / (n − 1). */
  private static double variance(double[] sample) {
    double mean = mean(sample);
    double squares = 0;
    for (double figure : sample) {
      squares += (figure - mean) * (figure - mean);
    }
    return squares / (sample.length - 1);
  }

  private static void requireSample(String name, double[] sample) {
    if (sample.length < 2) {
      throw new IllegalArgumentException(
          name + " must have at least 2 figures, but had " + sample.length);
    }
    for (int i = 0; i < sample.length; i++) {
      if (!Double.isFinite(sample[i])) {
        throw new IllegalArgumentException(
            name + " must be finite, but figure " + i + " was " + sample[i]);
      }
    }
  }
}
