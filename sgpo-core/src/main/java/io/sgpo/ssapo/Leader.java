package io.sgpo.ssapo;

import io.sgpo.solvers.loss.PreferenceLoss;

/** What the leader descends between two solves: the derivative of its loss by a pair's gap. */
@FunctionalInterface
interface Leader {

  /**
   * ∂L/∂ξ of a pair at its current gap.
   *
   * @param pair its index in the gaps that were solved
   * @param gap ξ
   * @param probability p of its label
   */
  double slope(int pair, double gap, double probability);

  /** No follower: the derivative of the loss itself, for DPO −σ(−ξ). */
  static Leader of(PreferenceLoss loss) {
    return (pair, gap, probability) -> PairLoss.slope(loss, gap, probability);
  }

  /** With the proximal term (ρ/2)(ξ − z*)². */
  default Leader proximal(double weight, double[] targets) {
    return (pair, gap, probability) ->
        slope(pair, gap, probability) + weight * (gap - targets[pair]);
  }
}
