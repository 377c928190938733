package io.sgpo.run;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How the gaps of a round's pairs are distributed, and what the pairs weigh: of bounded size,
 * however many pairs there are.
 *
 * @param round the round, from 1; 0 is the warm start
 * @param moment before the round's training or after it
 * @param pairs how many gaps are known, at least one; each is as it was when its pair was last seen
 * @param percentiles the gaps' quantiles at 0, 1, …, 100 %, in nat
 * @param weights gaps with weights of some of the pairs, evenly taken by gap; none if no follower
 *     weighted them
 */
public record GapReport(
    int round, Moment moment, long pairs, List<Double> percentiles, List<PairWeight> weights) {

  /** Into how many parts the percentiles divide the gaps. */
  public static final int PARTS = 100;

  /** How many pairs' weights there are at most. */
  public static final int MOST_WEIGHTS = 400;

  /** When the gaps were as reported. */
  public enum Moment {
    BEFORE,
    AFTER
  }

  /**
   * A pair's weight.
   *
   * @param gap ξ, for which the follower was asked
   * @param weight w relative to the loss without a follower
   */
  public record PairWeight(double gap, double weight) {}

  /**
   * @throws IllegalArgumentException if there are not 101 percentiles, or too many weights
   */
  public GapReport {
    Objects.requireNonNull(moment, "moment");
    percentiles = List.copyOf(percentiles);
    weights = List.copyOf(weights);
    if (percentiles.size() != PARTS + 1) {
      throw new IllegalArgumentException(
          "percentiles must be " + (PARTS + 1) + ", but were " + percentiles.size());
    }
    if (weights.size() > MOST_WEIGHTS) {
      throw new IllegalArgumentException(
          "weights must be at most " + MOST_WEIGHTS + ", but were " + weights.size());
    }
  }

  /**
   * The report of gaps.
   *
   * @param gaps at least one, none NaN
   * @param weights as many as there are to choose from, in any order
   */
  public static GapReport of(int round, Moment moment, double[] gaps, List<PairWeight> weights) {
    if (gaps.length == 0) {
      throw new IllegalArgumentException("gaps must not be empty");
    }
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    Double[] percentiles = new Double[PARTS + 1];
    for (int i = 0; i <= PARTS; i++) {
      percentiles[i] = quantile(sorted, (double) i / PARTS);
    }
    return new GapReport(round, moment, gaps.length, Arrays.asList(percentiles), evenly(weights));
  }

  /** Linear between order statistics. */
  private static double quantile(double[] sorted, double probability) {
    double position = probability * (sorted.length - 1);
    int below = (int) position;
    int next = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[next] - sorted[below]);
  }

  /** The least and the largest gap are always among them. */
  private static List<PairWeight> evenly(List<PairWeight> weights) {
    PairWeight[] sorted = weights.toArray(PairWeight[]::new);
    Arrays.sort(
        sorted,
        (a, b) ->
            a.gap() == b.gap()
                ? Double.compare(a.weight(), b.weight())
                : Double.compare(a.gap(), b.gap()));
    int count = Math.min(sorted.length, MOST_WEIGHTS);
    PairWeight[] taken = new PairWeight[count];
    for (int i = 0; i < count; i++) {
      taken[i] = sorted[count == 1 ? 0 : (int) ((long) i * (sorted.length - 1) / (count - 1))];
    }
    return Arrays.asList(taken);
  }
}
