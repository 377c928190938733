package io.sgpo.solvers.follower;

import java.util.Arrays;

/** Masses of gaps. */
final class Masses {
  private Masses() {}

  /**
   * The masses over their sum.
   *
   * @param masses not modified
   * @param gaps how many gaps there are
   * @throws IllegalArgumentException if there is not one per gap, one is negative or not finite
   *     (naming its index), or their sum is not finite and {@code > 0}
   */
  static double[] shares(double[] masses, int gaps) {
    if (masses.length != gaps) {
      throw new IllegalArgumentException(
          "there must be a mass per gap, %d, but there were %d".formatted(gaps, masses.length));
    }
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < masses.length; i++) {
      if (!(masses[i] >= 0) || Double.isInfinite(masses[i])) {
        throw new IllegalArgumentException(
            "masses must be finite and >= 0, but mass " + i + " was " + masses[i]);
      }
      sum.add(masses[i]);
    }
    double total = sum.value();
    if (!(total > 0) || Double.isInfinite(total)) {
      throw new IllegalArgumentException(
          "the sum of the masses must be finite and > 0, but was " + total);
    }
    return Arrays.stream(masses).map(mass -> mass / total).toArray();
  }
}
