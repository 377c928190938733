package io.sgpo.ssapo;

import io.sgpo.follower.Ambiguity;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.LineWorstCase;
import io.sgpo.solvers.loss.LineLoss;
import io.sgpo.solvers.loss.PreferenceLoss;
import java.util.Arrays;

/**
 * The follower's problem for the convex losses that are not that of DPO, on margins. They may rise
 * again with the gap, so mass may go to either end of the support; the Lipschitz follower is exact
 * for them.
 */
final class LineProblem {

  private final PreferenceLoss loss;
  private final LabelledGaps labelled;
  private final Support support;

  /** The atoms, clipped to the support. */
  private final double[] gaps;

  LineProblem(PreferenceLoss loss, LabelledGaps labelled, Support support) {
    this.loss = loss;
    this.labelled = labelled;
    this.support = support;
    double[] atoms = labelled.atoms();
    this.gaps = support.clips() ? Arrays.stream(atoms).map(support::clip).toArray() : atoms;
  }

  /** The mean distance to the end where the loss is largest, at which no gradient is left. */
  double largestUseful() {
    double mean = labelled.mean(gaps);
    boolean below = loss.value(support.lower()) >= loss.value(support.upper());
    return below ? mean - support.lower() : support.upper() - mean;
  }

  /** The worst case of the atoms. */
  LineWorstCase solve(double epsilon) {
    Ambiguity set = Ambiguity.wasserstein(epsilon).support(support.lower(), support.upper());
    LineLoss line = LineLoss.convex(loss.name(), loss::value, loss::slope);
    double[] masses = labelled.masses();
    return masses == null
        ? Followers.lipschitz().solve(gaps, set, line)
        : Followers.lipschitz().solve(gaps, masses, set, line);
  }

  Leader leader(LineWorstCase worst, boolean straightThrough) {
    return new LineLeader(loss, support, worst, gaps, straightThrough);
  }

  /**
   * What the atoms weigh: the slope that the worst case gives them over ℓ'(ξ), below 0 where the
   * follower turns it round, and NaN where ℓ' is 0.
   */
  double[] weights(LineWorstCase worst) {
    double[] weights = worst.slopes();
    for (int atom = 0; atom < weights.length; atom++) {
      double plain = loss.slope(gaps[atom]);
      weights[atom] = plain == 0 ? Double.NaN : weights[atom] / plain + 0.0; // no −0.0
    }
    return weights;
  }

  /** The weights of atoms that weigh as without a follower. */
  double[] plainWeights() {
    return Arrays.stream(gaps).map(gap -> loss.slope(gap) == 0 ? Double.NaN : 1).toArray();
  }
}
