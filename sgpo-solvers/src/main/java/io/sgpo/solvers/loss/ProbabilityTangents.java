package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The surrogate of −log p by its tangents, ℓ̃(p) = max_k [ −log t_k − (p − t_k)/t_k ]; the
 * reference implementation of arXiv 2502.18099 has the knots t_k = k/K. Finite at p = 0. Immutable
 * and thread-safe; an evaluation is O(K).
 */
public final class ProbabilityTangents implements GapLoss, PiecewiseAffine, Serializable {
  private final double[] slopes;
  private final double[] intercepts;

  /**
   * K tangents at 1/K, 2/K, .., 1.
   *
   * @param count K {@code >= 1}
   * @throws IllegalArgumentException if K is below 1
   */
  public ProbabilityTangents(int count) {
    this(steps(count));
  }

  private ProbabilityTangents(double[] knots) {
    slopes = Arrays.stream(knots).map(knot -> -1 / knot).toArray();
    intercepts = Arrays.stream(knots).map(knot -> 1 - Math.log(knot)).toArray();
  }

  /**
   * Tangents at the given knots, in any order; repeated ones count once.
   *
   * @param knots in (0, 1], at least one
   * @throws IllegalArgumentException if there is no knot, one is not in (0, 1], or so small that
   *     its tangent's slope −1/t is not finite
   */
  public static ProbabilityTangents at(double... knots) {
    if (knots.length == 0) {
      throw new IllegalArgumentException("knots must not be empty");
    }
    for (int k = 0; k < knots.length; k++) {
      if (!(knots[k] > 0 && knots[k] <= 1) || Double.isInfinite(1 / knots[k])) {
        throw new IllegalArgumentException(
            "knots of probabilities must be in (0, 1], where the slope of -log p is finite,"
                + (" but knot " + k + " was " + knots[k]));
      }
    }
    return new ProbabilityTangents(Arrays.stream(knots).sorted().distinct().toArray());
  }

  private static double[] steps(int count) {
    Knots.requireCount(count);
    double[] knots = new double[count];
    Arrays.setAll(knots, k -> (k + 1.0) / count);
    return knots;
  }

  @Override
  public String name() {
    return "probability tangents(" + slopes.length + ")";
  }

  @Override
  public double[] slopes() {
    return slopes.clone();
  }

  @Override
  public double[] intercepts() {
    return intercepts.clone();
  }

  @Override
  public double value(double p) {
    return at(piece(p), p);
  }

  @Override
  public double slope(double p) {
    return slopes[piece(p)];
  }

  @Override
  public double chordSlope(double lower, double p) {
    int first = piece(lower);
    return first == piece(p) ? -slopes[first] : GapLoss.super.chordSlope(lower, p);
  }

  /**
   * Δ(K) = max over [a, b] of ℓ − ℓ̃ with ℓ(p) = −log p: how far a follower's value under these
   * tangents can be below the exact one. On one tangent the difference is convex, so its maximum is
   * at a, at b or at a kink. Infinite at a = 0.
   *
   * @param lower a in [0, 1]
   * @param upper b in [a, 1]
   * @throws IllegalArgumentException if they are not such
   */
  public double maxError(double lower, double upper) {
    if (!(lower >= 0 && lower <= upper && upper <= 1)) {
      throw new IllegalArgumentException(
          "a support of probabilities must be in [0, 1], but was [" + lower + ", " + upper + "]");
    }
    double error = Math.max(error(lower), error(upper));
    for (int k = 0; k + 1 < slopes.length; k++) {
      double kink = (intercepts[k] - intercepts[k + 1]) / (slopes[k + 1] - slopes[k]);
      if (kink > lower && kink < upper) {
        error = Math.max(error, error(kink));
      }
    }
    return error;
  }

  private double error(double p) {
    return Math.max(0, -Math.log(p) - value(p));
  }

  @Override
  public String toString() {
    return name() + Arrays.toString(slopes);
  }

  /** The largest tangent; of equal ones the last, of smaller slope. */
  private int piece(double p) {
    int best = 0;
    for (int k = 1; k < slopes.length; k++) {
      best = at(k, p) >= at(best, p) ? k : best;
    }
    return best;
  }

  private double at(int k, double p) {
    return slopes[k] * p + intercepts[k];
  }
}
