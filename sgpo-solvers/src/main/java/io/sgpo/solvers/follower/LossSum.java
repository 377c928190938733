package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import java.io.Serializable;

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

  private int size;
  private final CompensatedSum sum = new CompensatedSum();
  private double least = Double.POSITIVE_INFINITY;

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
    for (int start = from; start < to; start += BLOCK) {
      int end = Math.min(to, start + BLOCK);
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
    least = Math.min(least, later.least);
  }

  double value() {
    evaluate(size);
    return sum.value();
  }

  /** The smallest gap whose loss was added; ∞ if there is none. */
  double least() {
    evaluate(size);
    return least;
  }

  private void evaluate(int count) {
    if (count == 0) {
      return;
    }
    double smallest = least;
    for (int i = 0; i < count; i++) {
      smallest = waiting[i] < smallest ? waiting[i] : smallest;
    }
    least = smallest;
    sum.add(loss == GapLoss.logistic() ? logistic(waiting, count) : plain(waiting, count, loss));
    System.arraycopy(waiting, count, waiting, 0, size - count);
    size -= count;
  }

  private static double plain(double[] gaps, int size, GapLoss loss) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += loss.value(gaps[i]);
    }
    return sum;
  }

  /**
   * Σ log(1 + e^−ξ) = Σ max(−ξ, 0) + log Π (1 + e^−|ξ|), one logarithm a block; overwrites the gaps
   * with e^−|ξ|. Three loops, so that no sum waits for an exponential.
   */
  private static double logistic(double[] gaps, int size) {
    double even = 0;
    double odd = 0;
    for (int i = 0; i < size; i++) {
      double swap = even; // two chains of additions run side by side
      even = odd + Math.max(-gaps[i], 0);
      odd = swap;
    }
    Exponentials.negated(gaps, size);
    return even + odd + Math.log1p(productLessOne(gaps, size));
  }

  /**
   * Π (1 + e_i) − 1 for 0 {@code <=} e_i {@code <=} 1, carried less one so that many small factors
   * are not rounded away; below 2^256. Four chains run side by side.
   */
  private static double productLessOne(double[] e, int size) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 3 < size; i += 4) {
      first = joined(first, e[i]);
      second = joined(second, e[i + 1]);
      third = joined(third, e[i + 2]);
      fourth = joined(fourth, e[i + 3]);
    }
    for (; i < size; i++) {
      first = joined(first, e[i]);
    }
    return joined(joined(first, second), joined(third, fourth));
  }

  /** (1 + p)(1 + q) − 1 = p + q + pq. */
  private static double joined(double p, double q) {
    return p + (q + p * q);
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
