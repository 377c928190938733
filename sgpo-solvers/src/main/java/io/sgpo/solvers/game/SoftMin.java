package io.sgpo.solvers.game;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The regularised minimum min_w { ⟨w, c⟩ + τ KL(w ‖ r) } over distributions w, and the w that
 * attains it. Costs c are finite, r is a distribution ({@code null}: uniform), τ in [0, ∞]. Pure
 * functions.
 */
final class SoftMin {
  /** Costs span about one here; above this τ the logarithm of a sum near one would lose digits. */
  private static final double FLAT = 8;

  private SoftMin() {}

  static double smallest(double[] costs) {
    double min = costs[0];
    for (int i = 1; i < costs.length; i++) {
      min = Math.min(min, costs[i]);
    }
    return min;
  }

  /** −τ log Σ r exp(−c/τ); min c at τ = 0; Σ r c at τ = ∞. Never overflows. */
  static double value(double[] costs, double @Nullable [] reference, double tau) {
    double min = smallest(costs);
    if (tau == 0) {
      return min;
    }
    if (tau == Double.POSITIVE_INFINITY) {
      return mean(costs, reference);
    }
    if (tau > FLAT) {
      return flatValue(costs, reference, tau, min);
    }
    return min - tau * Math.log(sumExp(costs, reference, tau, min));
  }

  private static double sumExp(
      double[] costs, double @Nullable [] reference, double tau, double min) {
    double sum = 0;
    if (reference == null) {
      for (double cost : costs) {
        sum += Math.exp((min - cost) / tau);
      }
      return sum / costs.length;
    }
    for (int i = 0; i < costs.length; i++) {
      sum += reference[i] * Math.exp((min - costs[i]) / tau);
    }
    return sum;
  }

  /** The same value as min − τ log(1 + Σ r (exp(−(c − min)/τ) − 1)), exact for large τ. */
  private static double flatValue(
      double[] costs, double @Nullable [] reference, double tau, double min) {
    double sum = 0;
    for (int i = 0; i < costs.length; i++) {
      double r = reference == null ? 1.0 / costs.length : reference[i];
      sum += r * Math.expm1((min - costs[i]) / tau);
    }
    return min - tau * Math.log1p(sum);
  }

  private static double mean(double[] costs, double @Nullable [] reference) {
    double sum = 0;
    for (int i = 0; i < costs.length; i++) {
      sum += reference == null ? costs[i] / costs.length : reference[i] * costs[i];
    }
    return sum;
  }

  /**
   * Writes w ∝ r exp(−c/τ) over the costs; at τ = 0 all mass on the first smallest cost, at τ = ∞
   * the reference.
   */
  static void weights(double[] costs, double @Nullable [] reference, double tau) {
    if (tau == 0) {
      int first = firstSmallest(costs);
      Arrays.fill(costs, 0);
      costs[first] = 1;
    } else if (tau == Double.POSITIVE_INFINITY) {
      Arrays.setAll(costs, i -> reference == null ? 1.0 / costs.length : reference[i]);
    } else {
      gibbs(costs, reference, tau);
    }
  }

  private static void gibbs(double[] costs, double @Nullable [] reference, double tau) {
    double min = smallest(costs);
    double sum = 0;
    for (int i = 0; i < costs.length; i++) {
      double r = reference == null ? 1 : reference[i];
      costs[i] = r * Math.exp((min - costs[i]) / tau);
      sum += costs[i];
    }
    for (int i = 0; i < costs.length; i++) {
      costs[i] /= sum;
    }
  }

  static int firstSmallest(double[] costs) {
    int first = 0;
    for (int i = 1; i < costs.length; i++) {
      if (costs[i] < costs[first]) {
        first = i;
      }
    }
    return first;
  }

  /** How many costs equal the smallest exactly. */
  static int ties(double[] costs) {
    double min = smallest(costs);
    int ties = 0;
    for (double cost : costs) {
      ties += cost == min ? 1 : 0;
    }
    return ties;
  }

  static double[] negated(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = -values[i];
    }
    return result;
  }
}
