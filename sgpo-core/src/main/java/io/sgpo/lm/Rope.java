package io.sgpo.lm;

import java.util.List;

/**
 * Rotary position embedding: position p turns pair i of a head by the angle p · f(i), f(i) =
 * θ^(−2i/D), with f rescaled for longer contexts.
 *
 * @param theta the base θ {@code > 0}
 * @param scaling how the frequencies are rescaled
 */
public record Rope(double theta, Scaling scaling) {

  /** How frequencies are rescaled. */
  public sealed interface Scaling {

    /**
     * The frequency of pair i of a head.
     *
     * @param frequency θ^(−2i/D)
     * @param pair i
     * @param shape of the head and the context
     */
    double frequency(double frequency, int pair, Shape shape);

    /** What cosine and sine are multiplied by. */
    default double attentionFactor() {
      return 1;
    }
  }

  /**
   * What frequencies may depend on besides the scaling.
   *
   * @param theta the base θ
   * @param headDim D
   * @param context the most tokens of a sequence
   */
  public record Shape(double theta, int headDim, int context) {}

  /** Not at all. */
  public record None() implements Scaling {
    @Override
    public double frequency(double frequency, int pair, Shape shape) {
      return frequency;
    }
  }

  /**
   * All frequencies divided by a factor.
   *
   * @param factor {@code >= 1}
   */
  public record Linear(double factor) implements Scaling {
    public Linear {
      requireFactor(factor);
    }

    @Override
    public double frequency(double frequency, int pair, Shape shape) {
      return frequency / factor;
    }
  }

  /**
   * NTK-aware scaling of sequences longer than {@code max_position_embeddings}; up to that length
   * frequencies are not scaled, and longer sequences are refused.
   *
   * @param factor {@code >= 1}; only recorded
   */
  public record Dynamic(double factor) implements Scaling {
    public Dynamic {
      requireFactor(factor);
    }

    @Override
    public double frequency(double frequency, int pair, Shape shape) {
      return frequency;
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
      requirePositions(originalPositions);
    }

    @Override
    public double frequency(double frequency, int pair, Shape shape) {
      double turns = originalPositions * frequency / (2 * Math.PI);
      double span = highFrequencyFactor - lowFrequencyFactor;
      return interpolated(frequency, factor, (turns - lowFrequencyFactor) / span);
    }
  }

  /**
   * YaRN (arXiv 2309.00071, section 3): pairs that turn often in the original context keep their
   * frequency, pairs that turn less than once have it divided by the factor, and a ramp over the
   * pairs' numbers lies between; cosine and sine are scaled.
   *
   * @param factor s {@code >= 1}
   * @param originalPositions the context length L of the original training, {@code >= 1}
   * @param attentionFactor √(1/t) of eq. 22, which multiplies cosine and sine, {@code > 0}
   * @param betaFast turns in L from which on a pair's frequency is kept, {@code > betaSlow}
   * @param betaSlow turns in L up to which it is divided, {@code > 0}
   * @param truncate whether the ends of the ramp are rounded to whole pairs, outwards
   */
  public record Yarn(
      double factor,
      int originalPositions,
      double attentionFactor,
      double betaFast,
      double betaSlow,
      boolean truncate)
      implements Scaling {

    /** A ramp without length is this long, as in transformers. */
    private static final double SHORTEST = 0.001;

    public Yarn {
      requireFactor(factor);
      requirePositions(originalPositions);
      requirePositive("attention_factor", attentionFactor);
      requirePositive("beta_fast", betaFast);
      requirePositive("beta_slow", betaSlow);
      if (!(betaFast > betaSlow)) {
        throw new IllegalArgumentException(
            "beta_fast must be > beta_slow, but they were %s and %s".formatted(betaFast, betaSlow));
      }
    }

    /** √(1/t) = 0.1 ln(s) + 1 (eq. 22), times m in the first term; 1 where nothing is scaled. */
    static double attentionFactor(double factor, double m) {
      return factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1;
    }

    @Override
    public double frequency(double frequency, int pair, Shape shape) {
      double low = pairOf(betaFast, shape);
      double high = pairOf(betaSlow, shape);
      if (truncate) {
        low = Math.floor(low);
        high = Math.ceil(high);
      }
      low = Math.max(low, 0);
      high = Math.min(high, shape.headDim - 1.0);
      double length = high == low ? SHORTEST : high - low;
      return interpolated(frequency, factor, 1 - (pair - low) / length); // eq. 18 to 20
    }

    /** The number of the pair that turns so often in L: r = L θ^(−2i/D) / 2π solved for i. */
    private double pairOf(double turns, Shape shape) {
      return shape.headDim
          * Math.log(originalPositions / (turns * 2 * Math.PI))
          / (2 * Math.log(shape.theta));
    }
  }

  /**
   * LongRoPE (arXiv 2402.13753): each pair's frequency is divided by a factor of its own, one set
   * of factors for contexts up to the original length and one for longer ones; cosine and sine are
   * scaled. transformers chooses the set by each batch's longest sequence, so that the probability
   * of a token would depend on its batch; here it is chosen once, by the context.
   *
   * @param shortFactors of the D / 2 pairs, each {@code > 0}
   * @param longFactors likewise
   * @param originalPositions the context length of the original training, {@code >= 1}
   * @param extendedPositions the context length of the model, {@code >= originalPositions}
   * @param attentionFactor multiplies cosine and sine, {@code > 0}
   */
  public record LongRope(
      List<Double> shortFactors,
      List<Double> longFactors,
      int originalPositions,
      int extendedPositions,
      double attentionFactor)
      implements Scaling {

    public LongRope {
      shortFactors = List.copyOf(shortFactors);
      longFactors = List.copyOf(longFactors);
      shortFactors.forEach(factor -> requirePositive("short_factor", factor));
      longFactors.forEach(factor -> requirePositive("long_factor", factor));
      if (shortFactors.size() != longFactors.size()) {
        throw new IllegalArgumentException(
            "short_factor and long_factor must be of one length, but were of %d and %d"
                .formatted(shortFactors.size(), longFactors.size()));
      }
      requirePositions(originalPositions);
      if (extendedPositions < originalPositions) {
        throw new IllegalArgumentException(
            "max_position_embeddings must be >= original_max_position_embeddings = %d, but was %d"
                .formatted(originalPositions, extendedPositions));
      }
      requirePositive("attention_factor", attentionFactor);
    }

    /** √(1 + ln s / ln L) of transformers, for a context s times the original L. */
    static double attentionFactor(double factor, int originalPositions) {
      return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalPositions));
    }

    @Override
    public double frequency(double frequency, int pair, Shape shape) {
      List<Double> factors = shape.context > originalPositions ? longFactors : shortFactors;
      return frequency / factors.get(pair);
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

  /**
   * @param headDim D
   * @throws IllegalArgumentException if the scaling is one of heads of another size
   */
  void requireFits(int headDim) {
    if (scaling instanceof LongRope rule && 2 * rule.shortFactors.size() != headDim) {
      throw new IllegalArgumentException(
          "short_factor and long_factor must have head_dim / 2 = %d numbers, but have %d"
              .formatted(headDim / 2, rule.shortFactors.size()));
    }
  }

  /**
   * The frequencies of a head's D / 2 pairs, in radians per position.
   *
   * @param headDim D
   * @param context the most tokens of a sequence
   */
  float[] frequencies(int headDim, int context) {
    Shape shape = new Shape(theta, headDim, context);
    float[] frequencies = new float[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double unscaled = 1 / Math.pow(theta, 2.0 * i / headDim);
      frequencies[i] = (float) scaling.frequency(unscaled, i, shape);
    }
    return frequencies;
  }

  /** The frequency where kept is 1, divided by the factor where it is 0, the mean between. */
  private static double interpolated(double frequency, double factor, double kept) {
    double share = Math.min(1, Math.max(0, kept));
    return (1 - share) * frequency / factor + share * frequency;
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

  private static void requirePositions(int positions) {
    if (positions < 1) {
      throw new IllegalArgumentException(
          "original_max_position_embeddings must be >= 1, but was " + positions);
    }
  }
}
