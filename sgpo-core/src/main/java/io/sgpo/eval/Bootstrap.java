package io.sgpo.eval;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The percentile bootstrap of a mean (Efron 1979). */
final class Bootstrap {

  private static final int RESAMPLES = 2000;
  private static final double TAIL = 0.025;

  private Bootstrap() {}

  /** Lower and upper end of the 95 % interval. */
  static double[] interval(double[] observations, RandomGenerator random) {
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double sum = 0;
      for (int draw = 0; draw < observations.length; draw++) {
        sum += observations[random.nextInt(observations.length)];
      }
      means[r] = sum / observations.length;
    }
    Arrays.sort(means);
    return new double[] {quantile(means, TAIL), quantile(means, 1 - TAIL)};
  }

  /** Linear between order statistics. */
  private static double quantile(double[] sorted, double probability) {
    double position = probability * (sorted.length - 1);
    int below = (int) position;
    int next = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[next] - sorted[below]);
  }
}
