package io.sgpo.judge;

/** The logistic function. */
final class Sigmoid {

  private Sigmoid() {}

  /** σ(x), such that σ(x) + σ(−x) is exactly 1. */
  static double of(double x) {
    double larger = 1 / (1 + Math.exp(-Math.abs(x)));
    return x >= 0 ? larger : 1 - larger;
  }
}
