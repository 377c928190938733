package io.sgpo.solvers.stats;

/**
 * How a length-controlled win rate is fitted and resampled.
 *
 * <p>The ridges make every fit unique, also where a model won or lost everything, or where its
 * answers are always the longer ones. They are on the scale of comparisons: a ridge of 1 weighs
 * like a few of them. Since {@code lengthRidge} is the larger one, what length and model could
 * explain equally well is put down to the model.
 *
 * @param ridge on the model's intercept and on its response to difficulty, finite, {@code >} 0;
 *     default 1e-3
 * @param lengthRidge on the length coefficient, finite, {@code >} 0; default 1
 * @param difficultyRidge on each instruction's difficulty when difficulties are estimated, finite,
 *     {@code >} 0; default 1
 * @param iterations at most this many Newton steps, {@code >= 1}; default 100
 * @param tolerance on the certificate, {@code >= 0}, in nats per comparison; default 1e-20
 * @param resamples of the bootstrap, {@code >= 1}; default 2000
 * @param confidence of the interval, in (0, 1); default 0.95
 */
public record LengthControl(
    double ridge,
    double lengthRidge,
    double difficultyRidge,
    int iterations,
    double tolerance,
    int resamples,
    double confidence) {

  /** Checks the domains. */
  public LengthControl {
    requirePositive("ridge", ridge);
    requirePositive("lengthRidge", lengthRidge);
    requirePositive("difficultyRidge", difficultyRidge);
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations must be >= 1, but was " + iterations);
    }
    if (!(tolerance >= 0) || tolerance == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("tolerance must be finite and >= 0, but was " + tolerance);
    }
    if (resamples < 1) {
      throw new IllegalArgumentException("resamples must be >= 1, but was " + resamples);
    }
    Interval.requireConfidence(confidence);
  }

  /** The defaults. */
  public LengthControl() {
    this(1e-3, 1, 1, 100, 1e-20, WinRate.DEFAULT_RESAMPLES, WinRate.DEFAULT_CONFIDENCE);
  }

  /** These options with other ridges. */
  public LengthControl withRidges(double ridge, double lengthRidge, double difficultyRidge) {
    return new LengthControl(
        ridge, lengthRidge, difficultyRidge, iterations, tolerance, resamples, confidence);
  }

  /** These options with another bootstrap. */
  public LengthControl withBootstrap(int resamples, double confidence) {
    return new LengthControl(
        ridge, lengthRidge, difficultyRidge, iterations, tolerance, resamples, confidence);
  }

  RidgeLogistic.Limits limits() {
    return new RidgeLogistic.Limits(iterations, tolerance);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " must be finite and > 0, but was " + value);
    }
  }
}
