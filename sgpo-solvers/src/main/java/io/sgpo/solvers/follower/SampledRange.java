package io.sgpo.solvers.follower;

import java.util.Arrays;

/**
 * A guess of where the marginal gap is, from a sample of the gaps: one at a random place of every
 * stratum of equal length. The places are fixed, so the guess is too.
 */
final class SampledRange {
  private static final int LEAST = 128;
  private static final int MOST = 1 << 16;

  /** Standard errors of the sampled cost on either side. */
  private static final double ERRORS = 4;

  private SampledRange() {}

  /**
   * The range.
   *
   * @param gaps finite, {@code >= summary.lower()}, at least {@value #LEAST}
   * @param radius ε {@code > 0}
   */
  static Range of(Gaps gaps, GapSummary summary, double radius) {
    double[] sample = sample(gaps);
    int size = sample.length;
    double budget = size * radius; // Nε on the sample's scale
    double from = summary.min();
    double cost = 0;
    double squares = 0;
    for (double gap : sample) {
      double distance = gap - summary.lower();
      cost += distance;
      squares += distance * distance;
      double error = ERRORS * Math.sqrt(Math.max(0, squares - cost * cost / size));
      if (cost - error > budget) {
        return new Range(from, gap);
      }
      from = cost + error <= budget ? gap : from;
    }
    return new Range(from, summary.max());
  }

  /** About N^⅔ gaps, sorted. */
  private static double[] sample(Gaps gaps) {
    double wanted = Math.cbrt((double) gaps.size() * gaps.size());
    int size = (int) Math.max(LEAST, Math.min(MOST, wanted / 2));
    double[] sample = new double[size];
    for (int i = 0; i < size; i++) {
      long start = (long) gaps.size() * i / size;
      long length = (long) gaps.size() * (i + 1) / size - start;
      sample[i] = gaps.get((int) (start + Long.remainderUnsigned(mixed(i), length)));
    }
    Arrays.sort(sample);
    return sample;
  }

  /** A number scattered by its index (Steele, Lea and Flood 2014). */
  private static long mixed(long index) {
    long z = (index + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
