package io.sgpo.solvers.game;

import java.util.Arrays;

/** A mutable distribution with its logarithms, the iterate of a solver. */
final class Mixture {
  /** The probability at which the logarithm of an empty action is taken. */
  static final double FLOOR = 1e-12;

  final double[] probabilities;
  final double[] logProbs;

  Mixture(int size) {
    probabilities = new double[size];
    logProbs = new double[size];
  }

  /**
   * A start; where it has no mass its logarithm is that of {@link #FLOOR}, so steps can go there.
   */
  static Mixture of(Distribution distribution) {
    Mixture mixture = new Mixture(distribution.size());
    distribution.copyTo(mixture.probabilities);
    for (int i = 0; i < mixture.logProbs.length; i++) {
      double p = mixture.probabilities[i];
      mixture.logProbs[i] = Math.log(p > 0 ? p : FLOOR);
    }
    return mixture;
  }

  static Mixture[] rowsOf(ConditionalPolicy policy) {
    Mixture[] rows = new Mixture[policy.size()];
    Arrays.setAll(rows, y -> of(policy.row(y)));
    return rows;
  }

  static Mixture[] rows(int size) {
    Mixture[] rows = new Mixture[size];
    Arrays.setAll(rows, y -> new Mixture(size));
    return rows;
  }

  /** Turns the scores in {@link #logProbs} into log-probabilities, and fills the probabilities. */
  void normalise() {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : logProbs) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (int i = 0; i < logProbs.length; i++) {
      probabilities[i] = Math.exp(logProbs[i] - max);
      sum += probabilities[i];
    }
    double logSum = max + Math.log(sum);
    for (int i = 0; i < logProbs.length; i++) {
      probabilities[i] /= sum;
      logProbs[i] -= logSum;
    }
  }

  /** Σ w (log w − log r) for the logarithms of a reference. */
  double kl(double[] logReference) {
    double kl = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double w = probabilities[i];
      kl += w == 0 ? 0 : w * (logProbs[i] - logReference[i]);
    }
    return kl;
  }

  /** Σ w c. */
  double mean(double[] costs) {
    double sum = 0;
    for (int i = 0; i < costs.length; i++) {
      sum += probabilities[i] * costs[i];
    }
    return sum;
  }

  boolean isFinite() {
    double sum = 0;
    for (double probability : probabilities) {
      sum += probability;
    }
    return Double.isFinite(sum);
  }

  Distribution toDistribution() {
    return Distribution.owning(probabilities.clone());
  }

  static ConditionalPolicy toPolicy(Mixture[] rows) {
    Distribution[] distributions = new Distribution[rows.length];
    Arrays.setAll(distributions, y -> rows[y].toDistribution());
    return ConditionalPolicy.of(distributions);
  }
}
