package io.sgpo.ssapo;

import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;

/** What the leader descends between two solves: the derivative of its loss by a pair's gap. */
@FunctionalInterface
interface Leader {

  /** DPO: ∂ℓ/∂ξ = −σ(−ξ). */
  Leader DPO = following((pair, gap) -> -GapLoss.logistic().slope(gap));

  /** ∂L/∂ξ of a pair at its current gap. */
  double slope(int pair, double gap);

  /** −g by the follower's rule. */
  static Leader following(LeaderRule rule) {
    return (pair, gap) -> -rule.coefficient(pair, gap);
  }

  /** −g + ρ (ξ − z*): the rule and the proximal term (ρ/2)(ξ − z*)². */
  static Leader proximal(LeaderRule rule, double weight, double[] atoms) {
    return (pair, gap) -> -rule.coefficient(pair, gap) + weight * (gap - atoms[pair]);
  }
}
