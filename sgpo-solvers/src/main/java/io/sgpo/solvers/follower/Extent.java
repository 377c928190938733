package io.sgpo.solvers.follower;

/** Number, range and sum of the gaps; remembers the first that is out of bounds. */
final class Extent implements Pass<Extent> {
  private final double least;
  private final double most;

  private long size;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long atMin;
  private final Lanes lanes = new Lanes();
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
    lanes.resetExtremes();
    lanes.add(gaps, from, to);
    double low = lanes.least();
    double high = lanes.largest();
    if (!(low >= least && high <= most)) {
      findRefused(gaps, from, to);
    }
    countMin(gaps, from, to, low);
    max = Math.max(max, high);
    size += to - from;
  }

  private void countMin(double[] gaps, int from, int to, double low) {
    if (low <= min) {
      atMin = low < min ? 0 : atMin;
      for (int i = from; i < to; i++) {
        atMin += gaps[i] == low ? 1 : 0;
      }
      min = low;
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
    lanes.addSum(later.lanes);
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
    return GapSummary.of(size, lower, min, max, atMin, lanes.sum());
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
}
