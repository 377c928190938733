package io.sgpo.policy;

/**
 * Settings of AdamW (Loshchilov and Hutter 2019): decoupled weight decay, bias-corrected moments.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment, {@code > 0}
 * @param weightDecay decay per unit of learning rate, {@code >= 0}, on every parameter
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {

  /** β₁ = 0.9, β₂ = 0.999, ε = 1e-8, no weight decay. */
  public static final AdamW DEFAULT = new AdamW(0.9, 0.999, 1e-8, 0);

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public AdamW {
    requireDecay("beta1", beta1);
    requireDecay("beta2", beta2);
    if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
      throw new IllegalArgumentException("epsilon must be finite and > 0, but was " + epsilon);
    }
    if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
      throw new IllegalArgumentException(
          "weightDecay must be finite and >= 0, but was " + weightDecay);
    }
  }

  public AdamW withWeightDecay(double value) {
    return new AdamW(beta1, beta2, epsilon, value);
  }

  private static void requireDecay(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), but was " + value);
    }
  }
}
