package io.sgpo.solvers.follower;

import java.io.Serializable;
import java.util.Arrays;

/** The gaps of a range: counted, and kept unless they are all equal or too many. */
final class Candidates implements Serializable {
  private final Range range;
  private final int capacity;

  private double[] kept;
  private long count;

  /**
   * Of a range.
   *
   * @param capacity how many are kept at most, if they are not all equal
   */
  Candidates(Range range, int capacity) {
    this.range = range;
    this.capacity = capacity;
    this.kept = new double[range.isPoint() ? 0 : Math.min(capacity, Gaps.SLICE)];
  }

  /** Takes up those of the gaps [from, to) that are in the range. */
  void add(double[] gaps, int from, int to) {
    double least = range.from();
    double most = range.to();
    double middle = range.middle();
    double reach = range.reach();
    for (int i = from; i < to; i++) {
      double gap = gaps[i];
      if (Math.abs(gap - middle) <= reach && gap >= least && gap <= most) { // the first one decides
        keep(gap);
      }
    }
  }

  private void keep(double gap) {
    if (!range.isPoint() && count < capacity) {
      makeRoom(count + 1);
      kept[(int) count] = gap;
    }
    count++;
  }

  private void makeRoom(long needed) {
    if (needed > kept.length) {
      kept = Arrays.copyOf(kept, (int) Math.min(capacity, Math.max(needed, 2L * kept.length)));
    }
  }

  void merge(Candidates later) {
    if (!range.isPoint() && count + later.count <= capacity) {
      makeRoom(count + later.count);
      System.arraycopy(later.kept, 0, kept, (int) count, (int) later.count);
    }
    count += later.count;
  }

  Range range() {
    return range;
  }

  long count() {
    return count;
  }

  /** Whether there were more than could be kept. */
  boolean overflowed() {
    return !range.isPoint() && count > capacity;
  }

  /**
   * The array that starts with the candidates, none of a range that is a point; not a copy, so that
   * the last who needs it may reorder it.
   */
  double[] kept() {
    return kept;
  }

  /** The sum of the candidates. */
  DoubleDouble sum() {
    if (range.isPoint()) {
      return DoubleDouble.product(count, range.from());
    }
    double sum = 0;
    double error = 0;
    for (int i = 0; i < count; i++) {
      double next = sum + kept[i];
      error += DoubleDouble.sumError(sum, kept[i], next);
      sum = next;
    }
    return DoubleDouble.sum(sum, error);
  }
}
