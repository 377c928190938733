package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Σ ℓ(ξ_i) over the gaps above a threshold, each evaluated once, in blocks that do not depend on
 * how the gaps come.
 */
final class LossSum implements Serializable {
  /** Terms summed plainly before the compensated sum takes over; bounds the rounding error. */
  static final int BLOCK = 256;

  private final GapLoss loss;

  /** Gaps that wait for a full block, and room for another. */
  private final double[] waiting = new double[2 * BLOCK];

  /** e^−|ξ| and max(−ξ, 0) of a block. */
  private final double[] scratch = new double[2 * BLOCK];

  private int size;
  private final CompensatedSum sum = new CompensatedSum();
  private final Lanes gaps = new Lanes();
  private double laterLeast = Double.POSITIVE_INFINITY;
  private long count;

  LossSum(GapLoss loss) {
    this.loss = loss;
  }

  /** Σ ℓ over all gaps. */
  static double ofAll(double[] gaps, GapLoss loss) {
    LossSum sum = new LossSum(loss);
    sum.addAbove(Double.NEGATIVE_INFINITY, gaps, 0, gaps.length);
    return sum.value();
  }

  /**
   * Adds the losses of the gaps above a threshold among [from, to).
   *
   * @param threshold may be −∞, for all gaps
   */
  void addAbove(double threshold, double[] gaps, int from, int to) {
    double limit = threshold + 0.0; // −0.0 is 0.0
    for (int start = from, end; start < to; start = end) {
      end = to - start > BLOCK ? start + BLOCK : to;
      int next = size;
      for (int i = start; i < end; i++) {
        waiting[next] = gaps[i];
        // the sign of limit − gap, without a branch that would be mispredicted
        next += (int) (Double.doubleToRawLongBits(limit - gaps[i]) >>> (Long.SIZE - 1));
      }
      size = next;
      if (size >= BLOCK) {
        evaluate(BLOCK);
      }
    }
  }

  /** Adds what another sum of the same loss holds, which is then used up. */
  void merge(LossSum later) {
    evaluate(size);
    later.evaluate(later.size);
    sum.add(later.sum);
    gaps.addSum(later.gaps);
    laterLeast = Math.min(laterLeast, later.least());
    count += later.count;
  }

  double value() {
    evaluate(size);
    return sum.value();
  }

  /** How many losses were added. */
  long count() {
    evaluate(size);
    return count;
  }

  /** Σ ξ of the gaps whose losses were added. */
  DoubleDouble gaps() {
    evaluate(size);
    return gaps.sum();
  }

  /** The smallest gap whose loss was added; ∞ if there is none. */
  double least() {
    evaluate(size);
    return Math.min(laterLeast, gaps.least());
  }

  private void evaluate(int next) {
    if (next == 0) {
      return;
    }
    gaps.add(waiting, 0, next);
    count += next;
    sum.add(loss == GapLoss.logistic() ? logistic(next) : plain(waiting, next, loss));
    System.arraycopy(waiting, next, waiting, 0, size - next);
    size -= next;
  }

  private static double plain(double[] gaps, int size, GapLoss loss) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += loss.value(gaps[i]);
    }
    return sum;
  }

  /**
   * Σ log(1 + e^−ξ) = Σ max(−ξ, 0) + log Π (1 + e^−|ξ|), one logarithm a block. Sum and product are
   * folded in halves, in loops over one array that a compiler turns into vector instructions.
   */
  private double logistic(int count) {
    double[] cells = scratch;
    System.arraycopy(waiting, 0, cells, 0, count);
    for (int i = 0; i < count; i++) {
      cells[BLOCK + i] = Math.max(-cells[i], 0);
    }
    Exponentials.negated(cells, count);
    Arrays.fill(cells, count, BLOCK, 0);
    Arrays.fill(cells, BLOCK + count, 2 * BLOCK, 0);
    for (int half = BLOCK / 2; half > 0; half /= 2) {
      fold(cells, half);
    }
    return cells[BLOCK] + Math.log1p(cells[0]);
  }

  /**
   * Of both parts the second half is folded into the first: products of factors 1 + e, carried less
   * one so that many small factors are not rounded away, (1 + p)(1 + q) − 1 = p + q + pq; and sums.
   */
  private static void fold(double[] cells, int half) {
    for (int i = 0; i < half; i++) {
      double p = cells[i];
      double q = cells[i + half];
      cells[i] = p + (q + p * q);
    }
    for (int i = BLOCK; i < BLOCK + half; i++) {
      cells[i] += cells[i + half];
    }
  }

  /**
   * ℓ(a).
   *
   * @throws IllegalArgumentException if it is not finite
   */
  static double atLower(Ambiguity ambiguity) {
    double atLower = ambiguity.loss().value(ambiguity.lower());
    if (!Double.isFinite(atLower)) {
      throw new IllegalArgumentException(
          "the loss "
              + ambiguity.loss().name()
              + " must be finite at the support's lower end "
              + ambiguity.lower()
              + ", but was "
              + atLower);
    }
    return atLower;
  }
}
