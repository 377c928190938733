package io.sgpo.solvers.follower;

import io.sgpo.follower.GapLoss;

/** The losses of the gaps above a range, summed, and the gaps inside the range. */
final class Tail implements Pass<Tail> {
  private final Candidates candidates;
  private final LossSum losses;
  private long size;

  /**
   * Above and inside a range.
   *
   * @param capacity how many gaps are kept at most, if they are not all equal
   */
  Tail(Range range, int capacity, GapLoss loss) {
    this.candidates = new Candidates(range, capacity);
    this.losses = new LossSum(loss);
  }

  @Override
  public void add(double[] gaps, int from, int to) {
    size += to - from;
    losses.addAbove(candidates.range().to(), gaps, from, to);
    candidates.add(gaps, from, to);
  }

  @Override
  public void merge(Tail later) {
    size += later.size;
    losses.merge(later.losses);
    candidates.merge(later.candidates);
  }

  /** All gaps that were seen. */
  long size() {
    return size;
  }

  Candidates candidates() {
    return candidates;
  }

  LossSum losses() {
    return losses;
  }
}
