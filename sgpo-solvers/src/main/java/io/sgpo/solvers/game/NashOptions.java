package io.sgpo.solvers.game;

import java.util.Objects;

/**
 * Options of {@link NashMirrorDescent}.
 *
 * @param method which iteration; default extragradient
 * @param rate η {@code >} 0; default 0.2. Linear convergence of the last iterate is proven for the
 *     optimistic and extragradient methods up to η = 1/(2τ + 2)
 * @param iterations at most this many, {@code >= 1}; default 100 000
 * @param tolerance stop when the duality gap is at most this, {@code >= 0}; default 1e-8
 * @param checkEvery iterations between two looks at the gap, {@code >= 1}; default 10
 * @param rateDecay the rate is divided by 1 + rateDecay·t, {@code >= 0}; default 0
 * @param feedback what is seen of the preferences; default all
 */
public record NashOptions(
    Method method,
    double rate,
    int iterations,
    double tolerance,
    int checkEvery,
    double rateDecay,
    Feedback feedback) {

  /** The iteration. */
  public enum Method {
    /** Self-play by mirror descent on the regularised game. One gradient per iteration. */
    MIRROR_DESCENT,
    /**
     * Nash-MD (arXiv 2312.00886): the opponent is the mixture μ ∝ π^{1−ητ} r^{ητ}. One gradient.
     * Its fixed point is off by O(η), so it needs falling rates; the paper's η_t = 2/(τ(t + 2)) is
     * rate 1/τ with rateDecay ½.
     */
    NASH_MD,
    /** Optimistic (arXiv 2105.15186): looks ahead by the last gradient. One gradient. */
    OPTIMISTIC,
    /** Extragradient (arXiv 2105.15186, 2503.08942): looks ahead by a step. Two gradients. */
    EXTRAGRADIENT
  }

  /** Checks every option. */
  public NashOptions {
    Objects.requireNonNull(method, "method");
    IterationChecks.positive("rate", rate);
    IterationChecks.atLeastOne("iterations", iterations);
    IterationChecks.nonNegative("tolerance", tolerance);
    IterationChecks.atLeastOne("checkEvery", checkEvery);
    IterationChecks.nonNegative("rateDecay", rateDecay);
    Objects.requireNonNull(feedback, "feedback");
  }

  /** The defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.method = method;
    builder.rate = rate;
    builder.iterations = iterations;
    builder.tolerance = tolerance;
    builder.checkEvery = checkEvery;
    builder.rateDecay = rateDecay;
    builder.feedback = feedback;
    return builder;
  }

  /** Collects options; {@link #build()} checks them. */
  public static final class Builder {
    private Method method = Method.EXTRAGRADIENT;
    private double rate = 0.2;
    private int iterations = 100_000;
    private double tolerance = 1e-8;
    private int checkEvery = 10;
    private double rateDecay;
    private Feedback feedback = Feedback.full();

    private Builder() {}

    /** The iteration. */
    public Builder method(Method value) {
      method = value;
      return this;
    }

    /** η. */
    public Builder rate(double value) {
      rate = value;
      return this;
    }

    /** The most iterations. */
    public Builder iterations(int value) {
      iterations = value;
      return this;
    }

    /** The duality gap at which to stop. */
    public Builder tolerance(double value) {
      tolerance = value;
      return this;
    }

    /** Iterations between two looks at the gap. */
    public Builder checkEvery(int value) {
      checkEvery = value;
      return this;
    }

    /** How fast the rate falls. */
    public Builder rateDecay(double value) {
      rateDecay = value;
      return this;
    }

    /** What is seen of the preferences. */
    public Builder feedback(Feedback value) {
      feedback = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one is outside its domain
     */
    public NashOptions build() {
      return new NashOptions(method, rate, iterations, tolerance, checkEvery, rateDecay, feedback);
    }
  }
}
