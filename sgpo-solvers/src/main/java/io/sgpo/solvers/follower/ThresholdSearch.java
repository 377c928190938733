package io.sgpo.solvers.follower;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the marginal gap: the smallest x_f with Σ_{ξ_i ≤ x_f} (ξ_i − a) &gt; budget.
 *
 * <p>Many gaps are first narrowed to one of 1024 buckets of equal width, by sequential passes that
 * copy only that bucket; a weighted quickselect finishes inside it. Expected O(N); the worst case
 * is O(N log N), because a quickselect that shrinks too slowly ends with a sort.
 */
final class ThresholdSearch {
  private static final int BUCKETS = 1024;

  /** Below this many gaps the buckets cost more than they save. */
  private static final int BUCKETS_PAY_FROM = 4096;

  /** A few rounds, so that far outliers do not leave all other gaps in one bucket. */
  private static final int NARROWINGS = 4;

  /** Working copy; the marginal gap is in [from, to), if rounding has not lost it. */
  private double[] values;

  private int from;
  private int to;
  private double min;
  private double max;

  private final double lower;

  /** What is left of Nε after all gaps that are known to move entirely. */
  private double budget;

  /** Of the values known to be above the threshold the smallest; NaN while there is none. */
  private double above = Double.NaN;

  /** What rounding took from Nε. */
  private final double roundedOff;

  private ThresholdSearch(double[] gaps, GapSummary summary, double radius) {
    this.values = gaps;
    this.to = gaps.length;
    this.min = summary.min();
    this.max = summary.max();
    this.lower = summary.lower();
    this.budget = summary.size() * radius;
    this.roundedOff = Transport.roundedOff(summary.size(), radius);
  }

  /**
   * The plan that spends the budget.
   *
   * @param gaps not modified
   * @param radius ε {@code > 0} that does not saturate
   */
  static Transport find(double[] gaps, GapSummary summary, double radius) {
    ThresholdSearch search = new ThresholdSearch(gaps, summary, radius);
    search.narrow();
    if (search.values == gaps) {
      search.values = gaps.clone();
    }
    return search.quickselect().orElseGet(() -> search.boundary(gaps));
  }

  private void narrow() {
    for (int round = 0; round < NARROWINGS && to >= BUCKETS_PAY_FROM; round++) {
      double scale = BUCKETS / (max - min);
      if (!Double.isFinite(scale)) {
        return; // all equal, or as good as
      }
      keepMarginalBucket(scale);
    }
  }

  private void keepMarginalBucket(double scale) {
    double[] cost = new double[BUCKETS];
    int[] count = new int[BUCKETS];
    for (int i = 0; i < to; i++) {
      int bucket = bucket(values[i], scale);
      cost[bucket] += values[i] - lower;
      count[bucket]++;
    }
    int target = 0;
    while (target < BUCKETS - 1 && left(cost[target]) >= 0) { // the last bucket holds max
      budget -= cost[target++];
    }
    keep(target, scale, count[target]);
  }

  private void keep(int target, double scale, int count) {
    double[] kept = new double[count + 1]; // one spare cell, overwritten by misses
    int size = 0;
    double keptMin = max;
    double keptMax = min;
    for (int i = 0; i < to; i++) {
      double value = values[i];
      kept[size] = value;
      size += bucket(value, scale) == target ? 1 : 0;
    }
    for (int i = 0; i < size; i++) {
      keptMin = Math.min(keptMin, kept[i]);
      keptMax = Math.max(keptMax, kept[i]);
    }
    values = kept;
    to = size;
    min = keptMin;
    max = keptMax;
  }

  /** Monotone in the value, so buckets are ordered as their gaps are, and ties share one. */
  private int bucket(double value, double scale) {
    return Math.min(BUCKETS - 1, (int) ((value - min) * scale));
  }

  /** Empty when rounding of the partial sums has left no value in which the budget ends. */
  private Optional<Transport> quickselect() {
    int rounds = 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(to)) + 8;
    while (from < to) {
      if (rounds-- == 0) {
        Arrays.sort(values, from, to);
      }
      double pivot = rounds < 0 ? values[from] : medianOfThree();
      Optional<Transport> found = partition(pivot);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Splits [from, to) into less | equal | greater and keeps the part where the budget ends. */
  private Optional<Transport> partition(double pivot) {
    int less = from;
    int greater = to;
    double lessCost = 0;
    for (int i = from; i < greater; ) {
      double value = values[i];
      if (value < pivot) {
        lessCost += value - lower;
        values[i++] = values[less];
        values[less++] = value;
      } else if (value > pivot) {
        values[i] = values[--greater];
        values[greater] = value;
      } else {
        i++;
      }
    }
    if (left(lessCost) < 0) {
      above = pivot;
      to = less;
      return Optional.empty();
    }
    budget -= lessCost;
    double tiedCost = (greater - less) * (pivot - lower);
    if (left(tiedCost) < 0) {
      return Optional.of(new Transport(pivot, left(0) / tiedCost)); // equal split m = μ/n
    }
    budget -= tiedCost;
    from = greater;
    return Optional.empty();
  }

  /** The budget that is left after a cost. */
  private double left(double cost) {
    return (budget - cost) + roundedOff;
  }

  private double medianOfThree() {
    double first = values[from];
    double middle = values[(from + to) >>> 1];
    double last = values[to - 1];
    return Math.max(Math.min(first, middle), Math.min(Math.max(first, middle), last));
  }

  /**
   * The budget ended exactly between two gaps, up to rounding: the next gap is the marginal one,
   * with nothing moved. Without a next gap all mass moves.
   */
  private Transport boundary(double[] gaps) {
    if (!Double.isNaN(above)) {
      return new Transport(above, 0);
    }
    double next = Double.POSITIVE_INFINITY;
    for (double gap : gaps) {
      if (gap > max && gap < next) {
        next = gap;
      }
    }
    return next < Double.POSITIVE_INFINITY ? new Transport(next, 0) : new Transport(max, 1);
  }
}
