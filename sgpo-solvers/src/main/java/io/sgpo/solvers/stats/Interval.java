package io.sgpo.solvers.stats;

/**
 * A closed interval.
 *
 * @param lower its lower end
 * @param upper its upper end
 */
record Interval(double lower, double upper) {
  static void requireConfidence(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1), but was " + confidence);
    }
  }
}
