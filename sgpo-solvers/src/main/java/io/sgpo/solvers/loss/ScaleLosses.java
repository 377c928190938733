package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.TangentKnots;

/** The loss of DPO and its tangents on either scale of the gap. */
public final class ScaleLosses {
  private ScaleLosses() {}

  /** log(1 + e^−ξ) of a margin ξ, −log p of a probability p. */
  public static GapLoss exact(GapScale scale) {
    return switch (scale) {
      case MARGIN -> GapLoss.logistic();
      case PROBABILITY -> ProbabilityLoss.exact();
    };
  }

  /**
   * The largest of K tangents of that loss.
   *
   * @param count K {@code >= 1}
   * @param positions margins or probabilities, at least one, finite; read by {@link
   *     TangentKnots#QUANTILES}, not modified
   * @param lower a on that scale
   * @param upper b on that scale
   * @throws IllegalArgumentException if K is below 1, the support is no interval, or a tangent
   *     would touch −log p at 0
   */
  public static GapLoss tangents(
      GapScale scale,
      TangentKnots knots,
      int count,
      double[] positions,
      double lower,
      double upper) {
    boolean margins = scale == GapScale.MARGIN;
    return switch (knots) {
      case UNIFORM ->
          margins
              ? Tangents.uniform(count, lower, upper)
              : ProbabilityTangents.at(Knots.uniform(count, lower, upper));
      case QUANTILES ->
          margins
              ? Tangents.quantiles(count, positions)
              : ProbabilityTangents.at(Knots.quantiles(count, positions));
      case PROBABILITY ->
          margins ? Tangents.probability(count, lower, upper) : new ProbabilityTangents(count);
    };
  }
}
