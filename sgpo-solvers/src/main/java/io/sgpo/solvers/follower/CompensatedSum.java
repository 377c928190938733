package io.sgpo.solvers.follower;

/** A sum whose rounding error does not grow with the number of terms (Neumaier 1974). */
final class CompensatedSum {
  private double sum;
  private double correction;

  void add(double term) {
    double next = sum + term;
    correction += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }

  double value() {
    double total = sum + correction;
    return Double.isNaN(total) ? sum : total; // an infinite sum has a NaN correction
  }
}
