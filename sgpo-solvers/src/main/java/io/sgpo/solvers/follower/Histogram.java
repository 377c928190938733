package io.sgpo.solvers.follower;

/**
 * Number, sum and range of the gaps in each bucket of a range. Buckets are ordered as their gaps
 * are, and equal gaps share one.
 */
final class Histogram implements Pass<Histogram> {
  /** Numbers of a bucket: count, sum, what the sum lost to rounding, least and largest gap. */
  private static final int CELL = 5;

  private final Range range;
  private final int buckets;

  /** Buckets per unit of gap; 0 where buckets are intervals of {@link Range#key}. */
  private final double scale;

  private final int shift;
  private final double[] cells;
  private long size;

  /**
   * Over a range of gaps.
   *
   * @param byKey whether the range is cut into as many neighbouring doubles each, not into equal
   *     widths: then it shrinks by the number of buckets whatever the gaps
   */
  Histogram(Range range, boolean byKey, int buckets) {
    this.range = range;
    this.buckets = buckets;
    double perUnit = buckets / (range.to() - range.from());
    this.scale = byKey || !Double.isFinite(perUnit) ? 0 : perUnit;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(range.keys());
    this.shift = Math.max(0, bits - (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(buckets)));
    this.cells = new double[buckets * CELL];
    for (int cell = 0; cell < cells.length; cell += CELL) {
      cells[cell + 3] = Double.POSITIVE_INFINITY;
      cells[cell + 4] = Double.NEGATIVE_INFINITY;
    }
  }

  @Override
  public void add(double[] gaps, int from, int to) {
    size += to - from;
    if (scale > 0) {
      addByWidth(gaps, from, to);
    } else {
      addByKey(gaps, from, to);
    }
  }

  private void addByWidth(double[] gaps, int from, int to) {
    double least = range.from();
    double most = range.to();
    double perUnit = scale;
    int last = buckets - 1;
    for (int i = from; i < to; i++) {
      double gap = gaps[i];
      if (gap >= least && gap <= most) {
        put(Math.min(last, (int) ((gap - least) * perUnit)) * CELL, gap);
      }
    }
  }

  private void addByKey(double[] gaps, int from, int to) {
    long first = Range.key(range.from());
    for (int i = from; i < to; i++) {
      double gap = gaps[i];
      if (gap >= range.from() && gap <= range.to()) {
        put((int) ((Range.key(gap) - first) >>> shift) * CELL, gap);
      }
    }
  }

  private void put(int cell, double gap) {
    double sum = cells[cell + 1];
    double next = sum + gap;
    cells[cell]++;
    cells[cell + 1] = next;
    cells[cell + 2] += DoubleDouble.sumError(sum, gap, next); // summed in twice the precision
    if (gap < cells[cell + 3]) {
      cells[cell + 3] = gap;
    }
    if (gap > cells[cell + 4]) {
      cells[cell + 4] = gap;
    }
  }

  @Override
  public void merge(Histogram later) {
    size += later.size;
    for (int bucket = 0; bucket < buckets; bucket++) {
      int cell = bucket * CELL;
      if (later.cells[cell] > 0) {
        DoubleDouble sum = sum(bucket).plus(later.sum(bucket));
        cells[cell] += later.cells[cell];
        cells[cell + 1] = sum.high();
        cells[cell + 2] = sum.low();
        cells[cell + 3] = Math.min(cells[cell + 3], later.cells[cell + 3]);
        cells[cell + 4] = Math.max(cells[cell + 4], later.cells[cell + 4]);
      }
    }
  }

  /** All gaps that were seen, also those out of the range. */
  long size() {
    return size;
  }

  int buckets() {
    return buckets;
  }

  long count(int bucket) {
    return (long) cells[bucket * CELL];
  }

  DoubleDouble sum(int bucket) {
    return DoubleDouble.sum(cells[bucket * CELL + 1], cells[bucket * CELL + 2]);
  }

  /** From the least to the largest gap of a bucket that is not empty. */
  Range range(int bucket) {
    return new Range(cells[bucket * CELL + 3], cells[bucket * CELL + 4]);
  }
}
