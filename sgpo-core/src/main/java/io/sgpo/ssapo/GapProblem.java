package io.sgpo.ssapo;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.ExactFollower;
import io.sgpo.solvers.follower.ProbabilityScale;
import io.sgpo.solvers.loss.ProbabilityTangents;
import io.sgpo.solvers.loss.ScaleLosses;
import io.sgpo.solvers.loss.Tangents;
import io.sgpo.spi.Follower;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The follower's problem for the loss of DPO, on the scale that was chosen. The support is one of
 * margins on either scale, so the distributions are the same and only the way is measured
 * otherwise.
 */
final class GapProblem {

  private final FollowerOptions options;
  private final LabelledGaps labelled;
  private final Support support;

  /** The atoms, clipped to the support. */
  private final double[] gaps;

  private final double[] positions;
  private final Ambiguity set;
  private final GapLoss loss;

  /**
   * @throws IllegalStateException if the support's lower end has the probability 0, where the loss
   *     −log p is infinite
   */
  GapProblem(FollowerOptions options, LabelledGaps labelled, Support support) {
    this.options = options;
    this.labelled = labelled;
    this.support = support;
    gaps =
        support.clips()
            ? Arrays.stream(labelled.atoms()).map(support::clip).toArray()
            : labelled.atoms();
    Ambiguity margins = Ambiguity.wasserstein(0).support(support.lower(), support.upper());
    boolean onMargins = options.gapScale() == GapScale.MARGIN;
    positions = onMargins ? gaps : ProbabilityScale.probabilities(gaps);
    set = onMargins ? margins : ProbabilityScale.on(margins);
    if (!onMargins && set.lower() == 0 && options.tangents() == 0) {
      throw new IllegalStateException(
          "on gapScale PROBABILITY the support must begin above 0, where -log p is infinite, but"
              + (" sigmoid(min gap - supportMargin) was 0.0 at " + support.lower())
              + "; set tangents, a smaller supportMargin, or gapScale MARGIN");
    }
    loss = loss(options.gapScale());
  }

  /** mean ξ − a on the scale, the largest useful radius. */
  double largestUseful() {
    return labelled.mean(positions) - set.lower();
  }

  /**
   * The worst case of the atoms, whose gradient and leader are those of the margins.
   *
   * @param epsilon ε on the scale
   */
  WorstCase solve(double epsilon) {
    Follower follower = follower();
    return switch (options.gapScale()) {
      case MARGIN -> follower.solve(gaps, new Ambiguity(epsilon, set.lower(), set.upper(), loss));
      case PROBABILITY ->
          new ProbabilityScale(follower).solve(gaps, epsilon, set.lower(), set.upper(), loss);
    };
  }

  /** Δ(K), how far the tangents are below the loss on the support; none without tangents. */
  OptionalDouble surrogateGap() {
    if (loss instanceof Tangents tangents) {
      return OptionalDouble.of(tangents.maxError(set.lower(), set.upper()));
    }
    return loss instanceof ProbabilityTangents tangents
        ? OptionalDouble.of(tangents.maxError(set.lower(), set.upper()))
        : OptionalDouble.empty();
  }

  private Follower follower() {
    double[] masses = labelled.masses();
    return masses == null ? options.follower() : new WithMasses(masses);
  }

  /** The exact follower of atoms with these masses. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record WithMasses(double[] masses) implements Follower {

    private static final ExactFollower EXACT = new ExactFollower();

    @Override
    public String name() {
      return EXACT.name();
    }

    @Override
    public WorstCase solve(double[] gaps, Ambiguity ambiguity) {
      return EXACT.solve(gaps, masses, ambiguity);
    }
  }

  private GapLoss loss(GapScale scale) {
    return options.tangents() == 0
        ? ScaleLosses.exact(scale)
        : ScaleLosses.tangents(
            scale, options.tangentKnots(), options.tangents(), positions, set.lower(), set.upper());
  }

  /** Where the proximal term pulls each pair's gap, as margins. */
  double[] targets(WorstCase worst) {
    return labelled.targets(atoms(worst));
  }

  /** z* as margins; on the scale of probabilities logit((1 − m) σ(ξ) + m σ(a)). */
  private double[] atoms(WorstCase worst) {
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
            + moved * ProbabilityScale.probability(support.lower());
    double q =
        (1 - moved) * ProbabilityScale.probability(-gap)
            + moved * ProbabilityScale.probability(-support.lower());
    return Math.max(support.lower(), Math.min(gap, Math.log(p) - Math.log(q)));
  }
}
