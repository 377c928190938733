package io.sgpo.solvers.loss;

/** The domain of a share of flipped labels. */
final class Smoothing {
  private Smoothing() {}

  static void require(String name, double value) {
    if (!(value >= 0 && value < 0.5)) {
      throw new IllegalArgumentException(name + " must be in [0, 0.5), but was " + value);
    }
  }
}
