package io.sgpo.solvers.follower;

import java.io.Serializable;

/** A sum whose rounding error does not grow with the number of terms (Neumaier 1974). */
final class CompensatedSum implements Serializable {
  private double sum;
  private double correction;

  void add(double term) {
    double next = sum + term;
    correction += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }

  void add(CompensatedSum other) {
    add(other.sum);
    correction += other.correction;
  }

  double value() {
    double total = sum + correction;
    return Double.isNaN(total) ? sum : total; // an infinite sum has a NaN correction
  }
}
