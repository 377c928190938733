package io.sgpo.solvers.game;

/** Domain checks of the iterative solvers' options. */
final class IterationChecks {
  private IterationChecks() {}

  static void positive(String name, double value) {
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " must be finite and > 0, but was " + value);
    }
  }

  static void nonNegative(String name, double value) {
    if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " must be finite and >= 0, but was " + value);
    }
  }

  static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be >= 1, but was " + value);
    }
  }

  /** A mirror step forgets the share ητ of its past, so ητ must be at most one. */
  static void mirrorStep(String rateName, double rate, String klName, double kl) {
    if (rate * kl > 1) {
      throw new IllegalArgumentException(
          rateName
              + " x "
              + klName
              + " must be <= 1 for entropic steps, but was "
              + rate
              + " x "
              + kl
              + "; lower the rate");
    }
  }
}
