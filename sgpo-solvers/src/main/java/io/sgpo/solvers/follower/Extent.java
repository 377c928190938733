package io.sgpo.solvers.follower;

/** Number, range and sum of the gaps; remembers the first that is out of bounds. */
final class Extent implements Pass<Extent> {
  private final double least;
  private final double most;

  private long size;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long atMin;
  private double sum;
  private double sumError;
  private long refusedIndex = -1;
  private double refused;

  /** Gaps must be finite and in [least, most]. */
  Extent(double least, double most) {
    this.least = least;
    this.most = most;
  }

  /** Gaps must be finite. */
  static Extent ofFinite() {
    return new Extent(-Double.MAX_VALUE, Double.MAX_VALUE);
  }

  @Override
  public void add(double[] gaps, int from, int to) {
    double low = min;
    double high = max;
    double before = sum;
    double total = sum;
    double other = 0; // two chains of additions run side by side
    double error = 0;
    double otherError = 0;
    int i = from;
    for (; i + 1 < to; i += 2) {
      double gap = gaps[i];
      double next = total + gap;
      error += DoubleDouble.sumError(total, gap, next); // summed in twice the precision
      total = next;
      low = gap < low ? gap : low;
      high = gap > high ? gap : high;
      double odd = gaps[i + 1];
      double otherNext = other + odd;
      otherError += DoubleDouble.sumError(other, odd, otherNext);
      other = otherNext;
      low = odd < low ? odd : low;
      high = odd > high ? odd : high;
    }
    if (i < to) {
      double gap = gaps[i];
      double next = other + gap;
      otherError += DoubleDouble.sumError(other, gap, next);
      other = next;
      low = gap < low ? gap : low;
      high = gap > high ? gap : high;
    }
    sum = total + other;
    sumError += error + otherError + DoubleDouble.sumError(total, other, sum);
    if (Double.isNaN(sum) || low < least || high > most) {
      sum = before;
      findRefused(gaps, from, to);
    }
    countMin(gaps, from, to, low);
    max = high;
    size += to - from;
  }

  private void countMin(double[] gaps, int from, int to, double low) {
    atMin = low < min ? 0 : atMin;
    min = low;
    for (int i = from; i < to; i++) {
      atMin += gaps[i] == low ? 1 : 0;
    }
  }

  private void findRefused(double[] gaps, int from, int to) {
    for (int i = from; i < to && refusedIndex < 0; i++) {
      if (!(gaps[i] >= least && gaps[i] <= most)) {
        refusedIndex = size + (i - from);
        refused = gaps[i];
      }
    }
  }

  @Override
  public void merge(Extent later) {
    if (refusedIndex < 0 && later.refusedIndex >= 0) {
      refusedIndex = size + later.refusedIndex;
      refused = later.refused;
    }
    atMin = (min <= later.min ? atMin : 0) + (later.min <= min ? later.atMin : 0);
    min = Math.min(min, later.min);
    max = Math.max(max, later.max);
    DoubleDouble total = total().plus(later.total());
    sum = total.high();
    sumError = total.low();
    size += later.size;
  }

  /**
   * The summary, checked.
   *
   * @param lower a
   * @throws IllegalArgumentException if a gap was out of bounds, there was none, or sums overflow
   */
  GapSummary summary(double lower) {
    check();
    if (size == 0) {
      throw new IllegalArgumentException("gaps must not be empty");
    }
    return GapSummary.of(size, lower, min, max, atMin, total());
  }

  /**
   * Checks the gaps so far.
   *
   * @throws IllegalArgumentException naming the index and value of the first that was out of bounds
   */
  void check() {
    if (refusedIndex < 0) {
      return;
    }
    if (!Double.isFinite(refused)) {
      throw new IllegalArgumentException(
          "gaps must be finite, but gap "
              + refusedIndex
              + " was "
              + refused
              + "; filter such pairs first");
    }
    throw new IllegalArgumentException(
        "gaps must lie in the support ["
            + least
            + ", "
            + most
            + "], but gap "
            + refusedIndex
            + " was "
            + refused
            + "; widen the support or clip the gap");
  }

  long size() {
    return size;
  }

  private DoubleDouble total() {
    return DoubleDouble.sum(sum, sumError);
  }
}
