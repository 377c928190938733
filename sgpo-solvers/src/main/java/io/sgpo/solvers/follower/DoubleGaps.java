package io.sgpo.solvers.follower;

/** Keeps the array. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DoubleGaps(double[] gaps) implements Gaps {

  @Override
  public int size() {
    return gaps.length;
  }

  @Override
  public double get(int index) {
    return gaps[index];
  }

  @Override
  public void feed(int from, int to, Pass<?> pass) {
    for (int start = from, end; start < to; start = end) {
      end = to - start > SLICE ? start + SLICE : to;
      pass.add(gaps, start, end);
    }
  }
}
