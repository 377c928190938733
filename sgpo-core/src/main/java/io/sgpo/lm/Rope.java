package io.sgpo.lm;

/**
 * Rotary position embedding: position p turns pair i of a head by the angle p · f(i), f(i) =
 * θ^(−2i/D), with f rescaled for longer contexts.
 *
 * @param theta the base θ {@code > 0}
 * @param scaling how the frequencies are rescaled
 */
public record Rope(double theta, Scaling scaling) {

  /** How frequencies are rescaled. */
  public sealed interface Scaling {}

  /** Not at all. */
  public record None() implements Scaling {}

  /**
   * All frequencies divided by a factor.
   *
   * @param factor {@code >= 1}
   */
  public record Linear(double factor) implements Scaling {
    public Linear {
      requireFactor(factor);
    }
  }

  /**
   * Llama 3.1: frequencies of long wavelengths are divided by the factor, those of short ones kept,
   * those between interpolated.
   *
   * @param factor {@code >= 1}
   * @param lowFrequencyFactor wavelengths above originalPositions / this are divided, {@code > 0}
   * @param highFrequencyFactor wavelengths below originalPositions / this are kept, {@code >
   *     lowFrequencyFactor}
   * @param originalPositions the context length of the original training, {@code >= 1}
   */
  public record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
      implements Scaling {
    public Llama3 {
      requireFactor(factor);
      requirePositive("low_freq_factor", lowFrequencyFactor);
      requirePositive("high_freq_factor", highFrequencyFactor);
      if (!(highFrequencyFactor > lowFrequencyFactor)) {
        throw new IllegalArgumentException(
            "high_freq_factor must be > low_freq_factor, but they were %s and %s"
                .formatted(highFrequencyFactor, lowFrequencyFactor));
      }
      if (originalPositions < 1) {
        throw new IllegalArgumentException(
            "original_max_position_embeddings must be >= 1, but was " + originalPositions);
      }
    }
  }

  /**
   * @throws IllegalArgumentException if θ is not finite and positive
   */
  public Rope {
    requirePositive("rope_theta", theta);
  }

  /** Unscaled, with the given base. */
  public static Rope of(double theta) {
    return new Rope(theta, new None());
  }

  /** The frequencies of a head's D / 2 pairs, in radians per position. */
  float[] frequencies(int headDim) {
    float[] frequencies = new float[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaled(1 / Math.pow(theta, 2.0 * i / headDim));
    }
    return frequencies;
  }

  private double scaled(double frequency) {
    if (scaling instanceof Linear linear) {
      return frequency / linear.factor;
    }
    return scaling instanceof Llama3 llama3 ? scaled(llama3, frequency) : frequency;
  }

  private static double scaled(Llama3 rule, double frequency) {
    double turns = rule.originalPositions * frequency / (2 * Math.PI);
    double span = rule.highFrequencyFactor - rule.lowFrequencyFactor;
    double kept = Math.min(1, Math.max(0, (turns - rule.lowFrequencyFactor) / span));
    return (1 - kept) * frequency / rule.factor + kept * frequency;
  }

  private static void requireFactor(double factor) {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("factor must be finite and >= 1, but was " + factor);
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be finite and > 0, but was " + value);
    }
  }
}
