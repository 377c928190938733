package io.sgpo.solvers.stats;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The share of comparisons that were won, ties counting half, with a percentile-bootstrap interval
 * (Efron 1979) that resamples prompts, so that several comparisons of one prompt count as the
 * dependent observations they are.
 *
 * @param rate (wins + ½ ties) / comparisons, in [0, 1]
 * @param lower the interval's lower end
 * @param upper the interval's upper end
 * @param confidence the interval's nominal coverage, in (0, 1)
 * @param wins comparisons with p(first ≻ second) {@code > ½}
 * @param ties comparisons with p = ½
 * @param losses comparisons with p {@code < ½}
 * @param clusters how many prompts were resampled; with one, the interval is a point and says
 *     nothing
 */
public record WinRate(
    double rate,
    double lower,
    double upper,
    double confidence,
    int wins,
    int ties,
    int losses,
    int clusters) {

  /** How many resamples the short forms draw. */
  public static final int DEFAULT_RESAMPLES = 2000;

  /** The coverage that the short forms aim at. */
  public static final double DEFAULT_CONFIDENCE = 0.95;

  /**
   * Each comparison from a prompt of its own; 2000 resamples, 95 %.
   *
   * @param preferences p(first ≻ second) in [0, 1], at least one
   * @param random draws the resamples; the same generator state gives the same interval
   */
  public static WinRate of(double[] preferences, RandomGenerator random) {
    return of(preferences, IntStream.range(0, preferences.length).toArray(), random);
  }

  /**
   * Comparisons clustered by prompt; 2000 resamples, 95 %.
   *
   * @param preferences p(first ≻ second) in [0, 1], at least one
   * @param prompts the prompt of each comparison, any integers
   * @param random draws the resamples
   */
  public static WinRate of(double[] preferences, int[] prompts, RandomGenerator random) {
    return of(preferences, prompts, DEFAULT_RESAMPLES, DEFAULT_CONFIDENCE, random);
  }

  /**
   * Comparisons clustered by prompt. Cost O(resamples · prompts).
   *
   * @param preferences p(first ≻ second) in [0, 1], at least one
   * @param prompts the prompt of each comparison, any integers
   * @param resamples {@code >= 1}
   * @param confidence in (0, 1)
   * @param random draws the resamples
   * @throws IllegalArgumentException if an argument is outside its domain
   */
  public static WinRate of(
      double[] preferences,
      int[] prompts,
      int resamples,
      double confidence,
      RandomGenerator random) {
    if (preferences.length == 0) {
      throw new IllegalArgumentException("preferences must not be empty");
    }
    double[] scores = new double[preferences.length];
    int wins = 0;
    int ties = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = score(i, preferences[i]);
      wins += scores[i] == 1 ? 1 : 0;
      ties += scores[i] == 0.5 ? 1 : 0;
    }
    Clusters clusters = Clusters.of(scores, prompts);
    Interval interval = clusters.percentileInterval(resamples, confidence, random);
    return new WinRate(
        (wins + 0.5 * ties) / scores.length,
        interval.lower(),
        interval.upper(),
        confidence,
        wins,
        ties,
        scores.length - wins - ties,
        clusters.size());
  }

  /** How many comparisons there were. */
  public int comparisons() {
    return wins + ties + losses;
  }

  /** The same comparisons seen from the second: 1 − rate, with the interval mirrored. */
  public WinRate reversed() {
    return new WinRate(1 - rate, 1 - upper, 1 - lower, confidence, losses, ties, wins, clusters);
  }

  private static double score(int index, double preference) {
    requirePreference(index, preference);
    return (1 + Math.signum(preference - 0.5)) / 2;
  }

  static void requirePreference(int index, double preference) {
    if (!(preference >= 0 && preference <= 1)) {
      throw new IllegalArgumentException(
          "preferences must be in [0, 1], but preference " + index + " was " + preference);
    }
  }
}
