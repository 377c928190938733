package io.sgpo.solvers.stats;

/** How many equally weighted observations a weighted sample is worth. */
public final class EffectiveSampleSize {
  private EffectiveSampleSize() {}

  /**
   * Kish's effective sample size (Σ w)² / Σ w²: N for equal weights, 1 when one observation has all
   * the weight, 0 when no observation has any.
   *
   * @param weights finite, {@code >= 0}, at least one
   * @throws IllegalArgumentException if there is no weight, or one is negative or not finite
   */
  public static double kish(double[] weights) {
    if (weights.length == 0) {
      throw new IllegalArgumentException("weights must not be empty");
    }
    double max = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
        throw new IllegalArgumentException(
            "weights must be finite and >= 0, but weight " + i + " was " + weights[i]);
      }
      max = Math.max(max, weights[i]);
    }
    return max == 0 ? 0 : kish(weights, max);
  }

  /** The size does not depend on the weights' scale; dividing by the largest avoids overflow. */
  private static double kish(double[] weights, double max) {
    double sum = 0;
    double squares = 0;
    for (double weight : weights) {
      double share = weight / max;
      sum += share;
      squares += share * share;
    }
    return sum * sum / squares;
  }
}
