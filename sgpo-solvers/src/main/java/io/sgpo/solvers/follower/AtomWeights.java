package io.sgpo.solvers.follower;

/**
 * The weighting {@link io.sgpo.follower.LeaderWeighting#ATOMS}: solved again with a := min ξ, so
 * that all mass stays on observed pairs.
 */
final class AtomWeights {
  private AtomWeights() {}

  /**
   * N times the mass that ends on each pair; the moved mass is shared by the pairs at the minimum.
   *
   * @param gaps at least one, finite; not modified
   * @param radius ε {@code >= 0}
   */
  static double[] of(Gaps gaps, double radius) {
    GapSummary any = GapSummary.of(gaps, 0);
    double min = any.min();
    GapSummary summary = any.on(min);
    Transport plan = ThresholdSearch.plan(gaps, summary, radius);
    double[] weights = new double[gaps.size()];
    CompensatedSum movedMass = new CompensatedSum();
    for (int i = 0; i < weights.length; i++) {
      double moved = plan.moved(gaps.get(i));
      weights[i] = 1 - moved;
      movedMass.add(moved);
    }
    double share = movedMass.value() / summary.atMin();
    for (int i = 0; i < weights.length; i++) {
      weights[i] += gaps.get(i) == min ? share : 0;
    }
    return weights;
  }
}
