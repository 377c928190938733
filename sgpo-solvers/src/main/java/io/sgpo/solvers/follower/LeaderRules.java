package io.sgpo.solvers.follower;

import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;

/** Coefficients of the leader as functions of the current gap. */
final class LeaderRules {
  private LeaderRules() {}

  /** σ(−ξ), the coefficient of plain DPO. */
  static double dpo(double gap) {
    return -GapLoss.logistic().slope(gap);
  }

  /**
   * The slope of φ(ξ) = max(ℓ(ξ), ℓ(a) − λ*(ξ − a)), relative to ℓ and times σ(−ξ): for the
   * logistic loss λ* below x_f and σ(−ξ) above it.
   */
  static LeaderRule envelope(Transport plan, double dualPrice, GapLoss loss) {
    if (loss == GapLoss.logistic()) {
      return (pair, gap) -> {
        double moved = plan.moved(gap);
        return moved == 1 ? dualPrice : (1 - moved) * dpo(gap) + moved * dualPrice;
      };
    }
    return (pair, gap) -> {
      double moved = plan.moved(gap);
      double weight = moved == 0 ? 1 : relative(moved, dualPrice, -loss.slope(gap));
      return weight * dpo(gap);
    };
  }

  /** w = [(1 − m) s + m · slope] / s, kept finite where s is 0 or as good as. */
  static double relative(double moved, double slope, double steepness) {
    double ratio = slope == steepness ? 1 : slope / Math.max(steepness, Double.MIN_NORMAL);
    return Math.min((1 - moved) + moved * ratio, Double.MAX_VALUE);
  }
}
