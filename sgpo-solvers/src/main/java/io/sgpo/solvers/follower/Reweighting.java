package io.sgpo.solvers.follower;

import io.sgpo.follower.WorstCase.Status;
import java.util.Arrays;

/**
 * Adversaries that reweight the observed pairs and transport nothing, for comparison with the
 * Wasserstein followers: V = max { Σ q_i ℓ_i : q a distribution on the pairs, D(q, 1/N) ≤ ρ }.
 * Their weights favour the largest losses without a cap, mislabelled pairs among them, where the
 * transport follower caps the pull of a pair at its dual price.
 *
 * <p>The leader's coefficient of a pair is w_i σ(−ξ_i). They are not {@code Follower}s: there is no
 * support, no displacement and no gap loss. All take the losses ℓ_1..ℓ_N, {@code N >= 1}, finite,
 * and leave them alone. Deterministic, stateless and thread-safe.
 */
public final class Reweighting {
  private static final int MOST_HALVINGS = 200;

  private Reweighting() {}

  /**
   * KL(q ‖ 1/N) ≤ ρ: weights ∝ exp(ℓ_i / η). The multiplier is η = ∂V/∂ρ, 0 when saturated (ρ
   * {@code >=} log(N / number of largest losses)) and infinite at ρ = 0. O(N) for each of about 60
   * values of η.
   *
   * @param radius ρ {@code >= 0}, in nats
   * @throws IllegalArgumentException if ρ is negative or NaN, or the losses are empty or not finite
   */
  public static Reweighted kl(double[] losses, double radius) {
    Losses all = new Losses(losses);
    requireRadius(radius);
    if (radius == 0) {
      return all.nominal(Double.POSITIVE_INFINITY);
    }
    if (radius >= Math.log((double) losses.length / all.largest)) {
      return all.saturated(0);
    }
    double within = 0;
    double over = 1 / (all.max - all.min);
    while (divergence(all.tilted(over)) <= radius) {
      within = over;
      over *= 2;
    }
    for (int i = 0; i < MOST_HALVINGS; i++) {
      double middle = within + 0.5 * (over - within);
      if (!(middle > within && middle < over)) {
        break;
      }
      if (divergence(all.tilted(middle)) <= radius) {
        within = middle;
      } else {
        over = middle;
      }
    }
    double[] weights = all.tilted(within);
    // dual at η: ηρ + η log mean exp(ℓ/η) = E_q ℓ + η (ρ − KL(q))
    double gap = (radius - divergence(weights)) / within;
    return new Reweighted(Status.SOLVED, all.mean(weights), 1 / within, Math.max(0, gap), weights);
  }

  /**
   * χ²: (1/N) Σ (w_i − 1)² ≤ ρ: weights ∝ max(0, ℓ_i − η). The multiplier is η, −∞ at ρ = 0 and the
   * largest loss when saturated (ρ {@code >=} N / number of largest losses − 1). While no weight
   * meets 0, V = mean + √(ρ variance).
   *
   * @param radius ρ {@code >= 0}
   * @throws IllegalArgumentException if ρ is negative or NaN, or the losses are empty or not finite
   */
  public static Reweighted chiSquared(double[] losses, double radius) {
    Losses all = new Losses(losses);
    requireRadius(radius);
    if (radius == 0) {
      return all.nominal(Double.NEGATIVE_INFINITY);
    }
    if (radius >= (double) losses.length / all.largest - 1) {
      return all.saturated(all.max);
    }
    double deviation = all.deviation();
    double unclipped = all.mean - deviation / Math.sqrt(radius); // w = 1 + (ℓ − mean)√(ρ/var)
    double threshold = unclipped <= all.min ? unclipped : clippedThreshold(all, radius);
    double[] weights = all.above(threshold);
    double value = all.mean(weights);
    // dual at η: η + √((1 + ρ) mean (ℓ − η)₊²)
    double dual = threshold + Math.sqrt((1 + radius) * all.squaresAbove(threshold));
    return new Reweighted(Status.SOLVED, value, threshold, Math.abs(dual - value), weights);
  }

  /**
   * CVaR: w_i ≤ 1/α, the mean of the worst share α of the losses. The multiplier is the value at
   * risk, the loss at which that share ends; equal losses there share alike. O(N log N).
   *
   * @param level α in (0, 1]; 1 is the mean
   * @throws IllegalArgumentException if α is not such, or the losses are empty or not finite
   */
  public static Reweighted cvar(double[] losses, double level) {
    Losses all = new Losses(losses);
    if (!(level > 0 && level <= 1)) {
      throw new IllegalArgumentException("level must be in (0, 1], but was " + level);
    }
    if (level == 1) {
      return all.nominal(all.min);
    }
    double[] sorted = losses.clone();
    Arrays.sort(sorted);
    double count = level * sorted.length;
    double atRisk = sorted[Math.max(0, sorted.length - (int) Math.ceil(count))];
    int beyond = 0;
    int tied = 0;
    for (double loss : losses) {
      beyond += loss > atRisk ? 1 : 0;
      tied += loss == atRisk ? 1 : 0;
    }
    double share = Math.max(0, Math.min(1, (count - beyond) / tied));
    double[] weights = new double[losses.length];
    CompensatedSum excess = new CompensatedSum();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (losses[i] > atRisk ? 1 : losses[i] == atRisk ? share : 0) / level;
      excess.add(Math.max(0, losses[i] - atRisk));
    }
    double value = all.mean(weights);
    double dual = atRisk + excess.value() / count; // min_t t + E(ℓ − t)₊ / α
    Status status = atRisk == all.max ? Status.SATURATED : Status.SOLVED;
    return new Reweighted(status, value, atRisk, Math.abs(dual - value), weights);
  }

  /** η in [min, max) with χ² ≤ ρ, as near to the radius as doubles come. */
  private static double clippedThreshold(Losses all, double radius) {
    double within = all.min;
    double over = all.max;
    for (int i = 0; i < MOST_HALVINGS; i++) {
      double middle = within + 0.5 * (over - within);
      if (!(middle > within && middle < over)) {
        break;
      }
      if (variance(all.above(middle)) <= radius) {
        within = middle;
      } else {
        over = middle;
      }
    }
    return within;
  }

  /** KL(q ‖ 1/N) = (1/N) Σ w log w. */
  private static double divergence(double[] weights) {
    CompensatedSum sum = new CompensatedSum();
    for (double weight : weights) {
      sum.add(weight == 0 ? 0 : weight * Math.log(weight));
    }
    return sum.value() / weights.length;
  }

  /** (1/N) Σ (w − 1)². */
  private static double variance(double[] weights) {
    CompensatedSum sum = new CompensatedSum();
    for (double weight : weights) {
      sum.add((weight - 1) * (weight - 1));
    }
    return sum.value() / weights.length;
  }

  private static void requireRadius(double radius) {
    if (!(radius >= 0)) {
      throw new IllegalArgumentException("radius must be >= 0, but was " + radius);
    }
  }
}
