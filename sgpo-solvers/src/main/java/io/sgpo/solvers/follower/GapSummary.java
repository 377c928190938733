package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;

/**
 * What one pass over the gaps tells.
 *
 * @param size N
 * @param lower a
 * @param min the smallest gap
 * @param max the largest gap
 * @param distance Σ (ξ_i − a): the budget that would move all mass to a
 */
record GapSummary(int size, double lower, double min, double max, double distance) {

  /** Checks the gaps against the support and summarises them. */
  static GapSummary checked(double[] gaps, Ambiguity ambiguity) {
    if (gaps.length == 0) {
      throw new IllegalArgumentException("gaps must not be empty");
    }
    double lower = ambiguity.lower();
    double upper = ambiguity.upper();
    for (int i = 0; i < gaps.length; i++) {
      if (!(gaps[i] >= lower && gaps[i] <= upper)) {
        throw refused(i, gaps[i], ambiguity);
      }
    }
    GapSummary summary = of(gaps, lower);
    if (Double.isInfinite(summary.distance)) {
      throw new IllegalArgumentException(
          "the summed distances of the gaps to the support's lower end must not overflow,"
              + " but the lower end was "
              + lower
              + " and the largest gap "
              + summary.max);
    }
    return summary;
  }

  /** Summarises gaps that are known to be finite and {@code >= lower}. */
  static GapSummary of(double[] gaps, double lower) {
    double min = gaps[0];
    double max = gaps[0];
    CompensatedSum distance = new CompensatedSum();
    for (int start = 0; start < gaps.length; start += LossSums.BLOCK) {
      int end = Math.min(gaps.length, start + LossSums.BLOCK);
      double even = 0;
      double odd = 0;
      for (int i = start; i < end; i++) {
        double gap = gaps[i];
        min = gap < min ? gap : min;
        max = gap > max ? gap : max;
        double swap = even; // two chains of additions run side by side
        even = odd + (gap - lower);
        odd = swap;
      }
      distance.add(even + odd);
    }
    return new GapSummary(gaps.length, lower, min, max, distance.value());
  }

  private static IllegalArgumentException refused(int index, double gap, Ambiguity ambiguity) {
    if (!Double.isFinite(gap)) {
      return new IllegalArgumentException(
          "gaps must be finite, but gap " + index + " was " + gap + "; filter such pairs first");
    }
    return new IllegalArgumentException(
        "gaps must lie in the support ["
            + ambiguity.lower()
            + ", "
            + ambiguity.upper()
            + "], but gap "
            + index
            + " was "
            + gap
            + "; widen the support or clip the gap");
  }
}
