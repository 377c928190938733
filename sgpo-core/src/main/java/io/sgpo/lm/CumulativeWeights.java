package io.sgpo.lm;

/**
 * Inverts the cumulative distribution of non-negative weights, in double precision. Sums are kept
 * block by block, so that a draw reads the weights once and one block again. Reusable; not
 * thread-safe.
 */
final class CumulativeWeights {

  private static final int BLOCK = 512;

  private double[] sums = {};
  private float[] weights = {};
  private int offset;
  private int size;

  /** The sum of values[first, first + count), of which {@link #invert} then draws. */
  double sum(float[] values, int first, int count) {
    weights = values;
    offset = first;
    size = count;
    int blocks = (count + BLOCK - 1) / BLOCK;
    if (sums.length < blocks) {
      sums = new double[blocks];
    }
    double sum = 0;
    for (int block = 0; block < blocks; block++) {
      sums[block] = blockSum(values, first + block * BLOCK, first + end(block));
      sum += sums[block];
    }
    return sum;
  }

  private int end(int block) {
    return Math.min((block + 1) * BLOCK, size);
  }

  /** Four sums at a time, since one waits for each of its additions. */
  private static double blockSum(float[] values, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < to; i++) {
      a += values[i];
    }
    return (a + b) + (c + d);
  }

  /** The first place at which the cumulative weight exceeds the target, which is below the sum. */
  int invert(double target) {
    double cumulative = 0;
    double before = 0;
    int block = 0;
    int last = 0;
    for (int next = 0; next * BLOCK < size && before + sums[block] <= target; next++) {
      if (sums[next] > 0) {
        block = next;
        before = cumulative;
        cumulative += sums[next];
      }
    }
    cumulative = before;
    for (int i = block * BLOCK; i < end(block); i++) {
      float weight = weights[offset + i];
      if (weight > 0) {
        cumulative += weight;
        last = i;
        if (cumulative > target) {
          return i;
        }
      }
    }
    return last;
  }
}
