package io.sgpo.solvers.follower;

import java.util.Objects;

/**
 * Reweighting of the observed pairs whose KL divergence from equal weights is penalised, not
 * bounded:
 *
 * <pre>
 * PESSIMISTIC   max_q Σ q_i ℓ_i − η KL(q ‖ 1/N) =  η log( (1/N) Σ e^{ℓ_i/η} )     w_i ∝ e^{ℓ_i/η}
 * OPTIMISTIC    min_q Σ q_i ℓ_i + η KL(q ‖ 1/N) = −η log( (1/N) Σ e^{−ℓ_i/η} )    w_i ∝ e^{−ℓ_i/η}
 * </pre>
 *
 * <p>The optimistic one is Dr. DPO (arXiv 2407.07880), η its β': it trusts pairs that the policy
 * finds likely and discounts the others as noise. The pessimistic one is distributionally robust
 * optimisation in a KL ball and does the opposite. The gradient of the value is (1/N) Σ w_i ℓ_i'.
 *
 * @param sign which of the two
 * @param temperature η {@code > 0}, in units of the loss; towards infinity all weights are 1
 */
public record KlPenalty(Sign sign, double temperature) {

  /** Whether large losses are weighted up or down. */
  public enum Sign {
    /** Up: the worst case. */
    PESSIMISTIC,
    /** Down: the best case, Dr. DPO. */
    OPTIMISTIC
  }

  /**
   * @throws IllegalArgumentException if the temperature is not positive and finite
   */
  public KlPenalty {
    Objects.requireNonNull(sign, "sign");
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, but was " + temperature);
    }
  }

  /** Dr. DPO. */
  public static KlPenalty optimistic(double temperature) {
    return new KlPenalty(Sign.OPTIMISTIC, temperature);
  }

  /** The worst case. */
  public static KlPenalty pessimistic(double temperature) {
    return new KlPenalty(Sign.PESSIMISTIC, temperature);
  }

  /**
   * w_i, of mean 1.
   *
   * @param losses ℓ_i, at least one, finite; not modified
   * @throws IllegalArgumentException if they are not such
   */
  public double[] weights(double[] losses) {
    return new Losses(losses).tilted(exponent());
  }

  /**
   * The penalised mean loss, between the mean and the largest loss, or the smallest.
   *
   * @param losses as for the weights
   */
  public double value(double[] losses) {
    return new Losses(losses).softMean(exponent());
  }

  /** θ = ±1/η. */
  private double exponent() {
    return (sign == Sign.PESSIMISTIC ? 1 : -1) / temperature;
  }
}
