package io.sgpo.solvers.stats;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Observations summed by cluster.
 *
 * @param sums the sum of each cluster's observations
 * @param sizes how many there are
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and never compared
record Clusters(double[] sums, int[] sizes) {

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
    for (int i = 0; i < observations.length; i++) {
      int next = positions.size();
      int position = positions.computeIfAbsent(clusterOf[i], cluster -> next);
      sums[position] += observations[i];
      sizes[position]++;
    }
    int count = positions.size();
    return new Clusters(Arrays.copyOf(sums, count), Arrays.copyOf(sizes, count));
  }

  int size() {
    return sums.length;
  }

  /** The percentile interval of the mean over all observations, clusters resampled. */
  Interval percentileInterval(int resamples, double confidence, RandomGenerator random) {
    if (resamples < 1) {
      throw new IllegalArgumentException("resamples must be >= 1, but was " + resamples);
    }
    Interval.requireConfidence(confidence);
    double[] means = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      means[r] = resampledMean(random);
    }
    Arrays.sort(means);
    double tail = (1 - confidence) / 2;
    return new Interval(quantile(means, tail), quantile(means, 1 - tail));
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
