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
  static double[] of(double[] gaps, double radius) {
    double min = GapSummary.of(gaps, gaps[0]).min();
    Transport toMin = Transport.within(gaps, GapSummary.of(gaps, min), radius);
    double[] weights = new double[gaps.length];
    CompensatedSum movedMass = new CompensatedSum();
    int atMin = 0;
    for (int i = 0; i < gaps.length; i++) {
      double moved = toMin.moved(gaps[i]);
      weights[i] = 1 - moved;
      movedMass.add(moved);
      atMin += gaps[i] == min ? 1 : 0;
    }
    for (int i = 0; i < gaps.length; i++) {
      if (gaps[i] == min) {
        weights[i] += movedMass.value() / atMin;
      }
    }
    return weights;
  }
}
