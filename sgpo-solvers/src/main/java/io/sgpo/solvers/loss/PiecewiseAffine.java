package io.sgpo.solvers.loss;

/**
 * A maximum of affine pieces, ℓ(ξ) = max_k (a_k ξ + b_k): convex, not necessarily monotone. What
 * the finite program of arXiv 2502.18099 is written for.
 */
public interface PiecewiseAffine {

  /** a_k, the slope of each piece; a fresh copy of K {@code >= 1} finite numbers. */
  double[] slopes();

  /** b_k, where each piece meets the axis ξ = 0; a fresh copy, as long as the slopes. */
  double[] intercepts();

  /**
   * The largest of the given pieces.
   *
   * @param slopes a_k, at least one, finite; copied
   * @param intercepts b_k, as many, finite; copied
   * @throws IllegalArgumentException if there is no piece, the lengths differ, or a number is not
   *     finite
   */
  static PiecewiseAffine of(double[] slopes, double[] intercepts) {
    return new AffinePieces(slopes.clone(), intercepts.clone());
  }
}
