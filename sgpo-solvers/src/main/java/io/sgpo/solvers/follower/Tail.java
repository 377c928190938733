package io.sgpo.solvers.follower;

import io.sgpo.follower.GapLoss;
import java.util.Arrays;

/**
 * The losses of the gaps above a range, summed; the gaps inside the range, collected unless they
 * are all equal.
 */
final class Tail implements Pass<Tail> {
  private final Range range;
  private final int capacity;
  private final LossSum losses;

  private long size;
  private double[] inside;
  private int insideSize;

  /**
   * Above and inside a range.
   *
   * @param capacity how many gaps may lie inside, if they are not all equal
   */
  Tail(Range range, int capacity, GapLoss loss) {
    this.range = range;
    this.capacity = capacity;
    this.losses = new LossSum(loss);
    this.inside = new double[range.isPoint() ? 0 : Math.min(capacity, Gaps.SLICE)];
  }

  @Override
  public void add(double[] gaps, int from, int to) {
    size += to - from;
    losses.addAbove(range.to(), gaps, from, to);
    if (!range.isPoint()) {
      collect(gaps, from, to);
    }
  }

  private void collect(double[] gaps, int from, int to) {
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
    if (insideSize == inside.length) {
      grow(insideSize + 1);
    }
    inside[insideSize++] = gap;
  }

  private void grow(int needed) {
    if (needed > capacity) {
      throw new IllegalStateException(
          "the gaps must be the same in every pass, but more than "
              + capacity
              + " were found between "
              + range.from()
              + " and "
              + range.to());
    }
    inside = Arrays.copyOf(inside, (int) Math.min(capacity, Math.max(needed, 2L * inside.length)));
  }

  @Override
  public void merge(Tail later) {
    size += later.size;
    losses.merge(later.losses);
    if (insideSize + later.insideSize > inside.length) {
      grow(insideSize + later.insideSize);
    }
    System.arraycopy(later.inside, 0, inside, insideSize, later.insideSize);
    insideSize += later.insideSize;
  }

  /** All gaps that were seen. */
  long size() {
    return size;
  }

  /** The gaps inside a range that is not a point; from here on the caller's. */
  double[] inside() {
    return Arrays.copyOf(inside, insideSize);
  }

  int insideSize() {
    return insideSize;
  }

  LossSum losses() {
    return losses;
  }
}
