package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;

/** Σ ℓ(ξ_i) over the gaps above a threshold, each evaluated once. */
final class LossSums {
  /** Terms summed plainly before the compensated sum takes over; bounds the rounding error. */
  static final int BLOCK = 256;

  private LossSums() {}

  /**
   * Σ_{ξ_i > threshold} ℓ(ξ_i).
   *
   * @param gaps finite
   * @param threshold may be −∞, for all gaps
   */
  static double above(double threshold, double[] gaps, GapLoss loss) {
    boolean logistic = loss == GapLoss.logistic();
    double[] kept = new double[BLOCK];
    CompensatedSum sum = new CompensatedSum();
    for (int start = 0; start < gaps.length; start += BLOCK) {
      int end = Math.min(gaps.length, start + BLOCK);
      int size = 0;
      for (int i = start; i < end; i++) {
        kept[size] = gaps[i];
        size += gaps[i] > threshold ? 1 : 0;
      }
      sum.add(logistic ? logistic(kept, size) : plain(kept, size, loss));
    }
    return sum.value();
  }

  private static double plain(double[] gaps, int size, GapLoss loss) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += loss.value(gaps[i]);
    }
    return sum;
  }

  /**
   * Σ log(1 + e^−ξ) = Σ max(−ξ, 0) + log Π (1 + e^−|ξ|), one logarithm a block. The product P is
   * carried as P − 1, so that the many small factors of large gaps are not rounded away; it stays
   * below 2^256.
   */
  private static double logistic(double[] gaps, int size) {
    double linear = 0;
    double productLessOne = 0;
    for (int i = 0; i < size; i++) {
      double e = Math.exp(-Math.abs(gaps[i]));
      productLessOne += e + productLessOne * e; // (1 + q)(1 + e) − 1 = q + e + qe
      linear += Math.max(-gaps[i], 0);
    }
    return linear + Math.log1p(productLessOne);
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
