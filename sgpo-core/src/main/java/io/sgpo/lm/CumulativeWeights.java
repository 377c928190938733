package io.sgpo.lm;

import java.nio.FloatBuffer;

/**
 * Inverts the cumulative distributions of rows of non-negative weights. The sums of blocks of a row
 * are given, so that a draw reads these and the weights of one block.
 */
final class CumulativeWeights {

  /** Weights of a block; a row's last one may have fewer, or none. */
  static final int BLOCK = 512;

  private final FloatBuffer weights;
  private final int size;
  private final float[] sums;
  private final int blocks;

  /**
   * @param weights one row after the other
   * @param size weights of a row
   * @param sums {@code size / BLOCK + 1} of each row
   */
  CumulativeWeights(FloatBuffer weights, int size, float[] sums) {
    this.weights = weights;
    this.size = size;
    this.sums = sums;
    this.blocks = size / BLOCK + 1;
  }

  /** The sum of a row's weights. */
  double sum(int row) {
    double sum = 0;
    for (int block = 0; block < blocks; block++) {
      sum += sums[row * blocks + block];
    }
    return sum;
  }

  float weight(int row, int place) {
    return weights.get(row * size + place);
  }

  /**
   * The first place at which a row's cumulative weight exceeds the target, which is below the sum.
   */
  int invert(int row, double target) {
    double before = 0;
    double after = 0;
    int block = 0;
    for (int next = 0; next < blocks && after <= target; next++) {
      float sum = sums[row * blocks + next];
      if (sum > 0) {
        block = next;
        before = after;
        after += sum;
      }
    }
    return invert(row, block, target - before);
  }

  /**
   * The same within a block, of which the last positive weight is taken if rounding asks for more.
   */
  private int invert(int row, int block, double target) {
    double cumulative = 0;
    int last = 0;
    for (int i = block * BLOCK; i < Math.min((block + 1) * BLOCK, size); i++) {
      float weight = weight(row, i);
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
