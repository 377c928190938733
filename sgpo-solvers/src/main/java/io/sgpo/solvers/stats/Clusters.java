package io.sgpo.solvers.stats;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Observations summed by cluster.
 *
 * @param sums the sum of each cluster's observations
 * @param sizes how many there are
 * @param positions the cluster of each observation
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and never compared
record Clusters(double[] sums, int[] sizes, int[] positions) {

  /** Clusters in the order of their first observation. */
  static Clusters of(double[] observations, int[] clusterOf) {
    if (observations.length != clusterOf.length) {
      throw new IllegalArgumentException(
          "prompts must name one prompt per comparison, but there were "
              + clusterOf.length
              + " for "
              + observations.length);
    }
    Map<Integer, Integer> positions = new LinkedHashMap<>();
    double[] sums = new double[observations.length];
    int[] sizes = new int[observations.length];
    int[] assigned = new int[observations.length];
    for (int i = 0; i < observations.length; i++) {
      int next = positions.size();
      int position = positions.computeIfAbsent(clusterOf[i], cluster -> next);
      sums[position] += observations[i];
      sizes[position]++;
      assigned[i] = position;
    }
    int count = positions.size();
    return new Clusters(Arrays.copyOf(sums, count), Arrays.copyOf(sizes, count), assigned);
  }

  int size() {
    return sums.length;
  }

  /** The percentile interval of the mean over all observations, clusters resampled. */
  Interval percentileInterval(int resamples, double confidence, RandomGenerator random) {
    return interval(() -> resampledMean(random), resamples, confidence);
  }

  /**
   * The percentile interval of any statistic, clusters resampled.
   *
   * @param statistic a function of how often each observation was drawn; it keeps no reference to
   *     its argument
   */
  Interval percentileInterval(
      ToDoubleFunction<double[]> statistic,
      int resamples,
      double confidence,
      RandomGenerator random) {
    int[] drawn = new int[sums.length];
    double[] weights = new double[positions.length];
    return interval(
        () -> {
          Arrays.fill(drawn, 0);
          for (int draw = 0; draw < drawn.length; draw++) {
            drawn[random.nextInt(drawn.length)]++;
          }
          Arrays.setAll(weights, i -> drawn[positions[i]]);
          return statistic.applyAsDouble(weights);
        },
        resamples,
        confidence);
  }

  private static Interval interval(DoubleSupplier resampled, int resamples, double confidence) {
    if (resamples < 1) {
      throw new IllegalArgumentException("resamples must be >= 1, but was " + resamples);
    }
    Interval.requireConfidence(confidence);
    double[] values = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      values[r] = resampled.getAsDouble();
    }
    Arrays.sort(values);
    double tail = (1 - confidence) / 2;
    return new Interval(quantile(values, tail), quantile(values, 1 - tail));
  }

  private double resampledMean(RandomGenerator random) {
    double sum = 0;
    long count = 0;
    for (int draw = 0; draw < sums.length; draw++) {
      int cluster = random.nextInt(sums.length);
      sum += sums[cluster];
      count += sizes[cluster];
    }
    return sum / count;
  }

  /** Linear between order statistics. */
  private static double quantile(double[] sorted, double probability) {
    double position = probability * (sorted.length - 1);
    int below = (int) position;
    int next = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[next] - sorted[below]);
  }
}
