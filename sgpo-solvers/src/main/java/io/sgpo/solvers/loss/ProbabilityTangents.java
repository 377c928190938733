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
