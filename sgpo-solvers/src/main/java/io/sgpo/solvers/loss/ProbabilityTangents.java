package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;
import java.util.Arrays;

/**
 * The surrogate of −log p by its tangents at the probabilities 1/K, 2/K, .., 1, as the reference
 * implementation of arXiv 2502.18099 has it: ℓ̃(p) = max_k [ −log(k/K) − (p − k/K) K/k ]. Finite at
 * p = 0. Immutable and thread-safe; an evaluation is O(K).
 */
public final class ProbabilityTangents implements GapLoss, PiecewiseAffine {
  private final double[] slopes;
  private final double[] intercepts;

  /**
   * K tangents.
   *
   * @param count K {@code >= 1}
   * @throws IllegalArgumentException if K is below 1
   */
  public ProbabilityTangents(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("tangents must be >= 1, but was " + count);
    }
    slopes = new double[count];
    intercepts = new double[count];
    for (int k = 1; k <= count; k++) {
      double knot = (double) k / count;
      slopes[k - 1] = -1 / knot;
      intercepts[k - 1] = 1 - Math.log(knot);
    }
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
