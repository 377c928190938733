package io.sgpo.solvers.follower;

/** Keeps the array; passes see its numbers as doubles, a slice at a time. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FloatGaps(float[] gaps) implements Gaps {

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
    double[] slice = new double[Math.min(SLICE, to - from)];
    for (int start = from, length; start < to; start += length) {
      length = Math.min(SLICE, to - start);
      for (int i = 0; i < length; i++) {
        slice[i] = gaps[start + i];
      }
      pass.add(slice, 0, length);
    }
  }
}
