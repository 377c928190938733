package io.sgpo.ssapo;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.ProbabilityScale;
import io.sgpo.solvers.loss.ScaleLosses;
import java.util.Arrays;

/**
 * The follower's problem on the scale that was chosen. The support is [min ξ − τ, max ξ + τ] on
 * either scale, so the distributions are the same and only the way is measured otherwise.
 */
final class GapProblem {

  private final FollowerOptions options;
  private final double[] gaps;
  private final double[] positions;
  private final Ambiguity margins;
  private final Ambiguity set;

  /**
   * @throws IllegalStateException if the support's lower end has the probability 0, where the loss
   *     −log p is infinite
   */
  GapProblem(FollowerOptions options, double[] gaps) {
    this.options = options;
    this.gaps = gaps;
    margins = Ambiguity.wasserstein(0).supportAround(gaps, options.supportMargin());
    boolean onMargins = options.gapScale() == GapScale.MARGIN;
    positions = onMargins ? gaps : ProbabilityScale.probabilities(gaps);
    set = onMargins ? margins : ProbabilityScale.on(margins);
    if (!onMargins && set.lower() == 0 && options.tangents() == 0) {
      throw new IllegalStateException(
          "on gapScale PROBABILITY the support must begin above 0, where -log p is infinite, but"
              + (" sigmoid(min gap - supportMargin) was 0.0 at " + margins.lower())
              + "; set tangents, a smaller supportMargin, or gapScale MARGIN");
    }
  }

  /** mean ξ − a on the scale, the largest useful radius. */
  double largestUseful() {
    return GapFollower.mean(positions) - set.lower();
  }

  /**
   * The worst case, whose gradient and leader are those of the margins.
   *
   * @param epsilon ε on the scale
   */
  WorstCase solve(double epsilon) {
    GapLoss loss = loss(options.gapScale());
    return switch (options.gapScale()) {
      case MARGIN ->
          options.follower().solve(gaps, new Ambiguity(epsilon, set.lower(), set.upper(), loss));
      case PROBABILITY ->
          new ProbabilityScale(options.follower())
              .solve(gaps, epsilon, set.lower(), set.upper(), loss);
    };
  }

  private GapLoss loss(GapScale scale) {
    return options.tangents() == 0
        ? ScaleLosses.exact(scale)
        : ScaleLosses.tangents(
            scale, options.tangentKnots(), options.tangents(), positions, set.lower(), set.upper());
  }

  /** z_i* as margins; on the scale of probabilities logit((1 − m_i) σ(ξ_i) + m_i σ(a)). */
  double[] atoms(WorstCase worst) {
    if (options.gapScale() == GapScale.MARGIN) {
      return worst.atoms();
    }
    double[] moved = worst.moved();
    double[] atoms = new double[gaps.length];
    Arrays.setAll(atoms, i -> moved[i] == 0 ? gaps[i] : mixed(gaps[i], moved[i]));
    return atoms;
  }

  /** The logit by p and 1 − p, neither of which cancels. */
  private double mixed(double gap, double moved) {
    double p =
        (1 - moved) * ProbabilityScale.probability(gap)
            + moved * ProbabilityScale.probability(margins.lower());
    double q =
        (1 - moved) * ProbabilityScale.probability(-gap)
            + moved * ProbabilityScale.probability(-margins.lower());
    return Math.max(margins.lower(), Math.min(gap, Math.log(p) - Math.log(q)));
  }
}
