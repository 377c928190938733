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
  private final Support support;
  private final double[] gaps;

  LineProblem(PreferenceLoss loss, double[] all, Support support) {
    this.loss = loss;
    this.support = support;
    this.gaps = support.clips() ? Arrays.stream(all).map(support::clip).toArray() : all;
  }

  /** The mean distance to the end where the loss is largest, at which no gradient is left. */
  double largestUseful() {
    double mean = GapFollower.mean(gaps);
    boolean below = loss.value(support.lower()) >= loss.value(support.upper());
    return below ? mean - support.lower() : support.upper() - mean;
  }

  LineWorstCase solve(double epsilon) {
    Ambiguity set = Ambiguity.wasserstein(epsilon).support(support.lower(), support.upper());
    return Followers.lipschitz()
        .solve(gaps, set, LineLoss.convex(loss.name(), loss::value, loss::slope));
  }

  Leader leader(LineWorstCase worst, boolean straightThrough) {
    return new LineLeader(loss, support, worst, gaps, straightThrough);
  }
}
