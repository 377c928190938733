package io.sgpo.solvers.stats;

import io.sgpo.solvers.game.SolveStatus;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The win rate that a model would have against the reference if both wrote answers of the same
 * length, after AlpacaEval 2 (Dubois, Galambosi, Liang and Hashimoto 2024, arXiv 2404.04475): the
 * preference is regressed on model, length and instruction,
 *
 * <pre>
 * p(model ≻ reference | x) = σ(θ + φ t_x + ψ γ_x),   t_x = tanh(Δ_x / s),
 * rate = mean over the comparisons of σ(θ + ψ γ_x),
 * </pre>
 *
 * Δ_x the difference of the answers' lengths and s its sample standard deviation. θ, φ and ψ
 * minimise the cross-entropy plus ½ (ridge θ² + lengthRidge φ² + ridge ψ²); the difficulties γ_x
 * are {@linkplain InstructionDifficulty given or estimated over several models}. Without them the
 * term ψ γ_x is left out.
 *
 * <p>Where length explains nothing the rate is the raw one, up to the ridge: Σ σ(η) − p = −ridge θ.
 * Exchanging the two sides gives 1 − rate. AlpacaEval itself penalises by the 1-norm, with a
 * strength chosen by cross-validation, and adds annotations of its reference asked to be brief or
 * wordy; those belong to its own reference, so figures for models much weaker or much shorter than
 * the reference differ from its leaderboard by some points.
 *
 * <p>What makes it trustworthy is overlap: where one side is always the longer one, length and
 * model cannot be told apart, and the rate is the ridges' doing. {@link #shorter()} says how often
 * the model's answer was the shorter one.
 *
 * @param rate the length-controlled win rate, in (0, 1)
 * @param lower lower end of its percentile-bootstrap interval, instructions resampled with γ and s
 *     held fixed
 * @param upper its upper end
 * @param confidence the interval's nominal coverage
 * @param rawRate the mean preference
 * @param intercept θ
 * @param lengthCoefficient φ; positive where the judge favours longer answers
 * @param difficultyCoefficient ψ; 0 without difficulties
 * @param shorter the share of comparisons in which the model's answer was the shorter one
 * @param clusters how many instructions were resampled
 * @param status how the fit ended
 * @param certificate an upper bound on how far the fit's objective is from its minimum, in nats per
 *     comparison
 * @param iterations Newton steps of the fit
 */
public record LengthControlledWinRate(
    double rate,
    double lower,
    double upper,
    double confidence,
    double rawRate,
    double intercept,
    double lengthCoefficient,
    double difficultyCoefficient,
    double shorter,
    int clusters,
    SolveStatus status,
    double certificate,
    int iterations) {

  /**
   * Without difficulties, which is all that one model alone allows.
   *
   * @param random draws the resamples
   */
  public static LengthControlledWinRate of(
      LengthComparisons comparisons, LengthControl options, RandomGenerator random) {
    return fitted(comparisons, null, options, random);
  }

  /**
   * With difficulties. Cost O(resamples · n), n the number of comparisons.
   *
   * @param random draws the resamples
   * @throws IllegalArgumentException if the difficulty of an instruction is not known
   */
  public static LengthControlledWinRate of(
      LengthComparisons comparisons,
      InstructionDifficulty difficulties,
      LengthControl options,
      RandomGenerator random) {
    return fitted(comparisons, difficulties, options, random);
  }

  private static LengthControlledWinRate fitted(
      LengthComparisons comparisons,
      @Nullable InstructionDifficulty difficulties,
      LengthControl options,
      RandomGenerator random) {
    double[][] features = features(comparisons, difficulties);
    double[] ridge = {options.ridge(), options.lengthRidge(), options.ridge()};
    double[] labels = comparisons.preferences();
    int[] none = {};
    RidgeLogistic model = new RidgeLogistic(features, labels, none, ridge);
    double[] weights = new double[labels.length];
    Arrays.fill(weights, 1);
    RidgeLogistic.Fit fit = model.fit(weights, new double[ridge.length], options.limits());
    double[] fitted = fit.coefficients();
    Clusters clusters = Clusters.of(labels, comparisons.instructions());
    Interval interval =
        clusters.percentileInterval(
            resample -> {
              double[] refitted = model.fit(resample, fitted, options.limits()).coefficients();
              return controlled(features, resample, refitted);
            },
            options.resamples(),
            options.confidence(),
            random);
    return new LengthControlledWinRate(
        controlled(features, weights, fitted),
        interval.lower(),
        interval.upper(),
        options.confidence(),
        comparisons.meanPreference(),
        fitted[0],
        fitted[1],
        fitted[2],
        comparisons.shorter(),
        clusters.size(),
        fit.status(),
        fit.certificate(),
        fit.iterations());
  }

  /** (1, t_x, γ_x). */
  private static double[][] features(
      LengthComparisons comparisons, @Nullable InstructionDifficulty difficulties) {
    double[] terms = comparisons.lengthTerms();
    double[][] features = new double[terms.length][];
    for (int i = 0; i < terms.length; i++) {
      double difficulty = difficulties == null ? 0 : difficulties.of(comparisons.instructions()[i]);
      features[i] = new double[] {1, terms[i], difficulty};
    }
    return features;
  }

  /** The weighted mean of σ(θ + ψ γ_x): what is predicted with the length term removed. */
  private static double controlled(double[][] features, double[] weights, double[] coefficients) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < features.length; i++) {
      double eta = coefficients[0] + coefficients[2] * features[i][2];
      sum += weights[i] * RidgeLogistic.sigmoid(eta);
      total += weights[i];
    }
    return sum / total;
  }
}
