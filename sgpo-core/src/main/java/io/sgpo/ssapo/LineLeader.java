package io.sgpo.ssapo;

import io.sgpo.solvers.follower.LineWorstCase;
import io.sgpo.solvers.loss.PreferenceLoss;
import java.util.HashMap;
import java.util.Map;

/**
 * What the leader descends where a convex loss has a worst case with the price λ*: the mean of
 *
 * <pre>
 * φ(ξ) = max( ℓ(ξ), ℓ(a) − λ*(ξ − a), ℓ(b) − λ*(b − ξ) )
 * </pre>
 *
 * <p>with a, b and λ* frozen until the next solve. A gap that the solve split between two branches
 * has their mean, as the solve shared its mass. A support that clips does so with the gaps of both
 * labels.
 */
final class LineLeader implements Leader {

  private final PreferenceLoss loss;
  private final Support support;
  private final double price;
  private final boolean straightThrough;
  private final Map<Double, Double> split = new HashMap<>();

  /**
   * @param solved the gaps that were solved
   */
  LineLeader(
      PreferenceLoss loss,
      Support support,
      LineWorstCase worst,
      double[] solved,
      boolean straightThrough) {
    this.loss = loss;
    this.support = support;
    this.price = worst.dualPrice();
    this.straightThrough = straightThrough;
    double[] slopes = worst.slopes();
    double[] moved = worst.moved();
    for (int i = 0; i < solved.length; i++) {
      if (moved[i] > 0 && moved[i] < 1) {
        split.put(solved[i] + 0.0, slopes[i]);
      }
    }
  }

  /** p φ'(ξ) − (1 − p) φ'(−ξ), as the follower moves a mass at either gap. */
  @Override
  public double slope(int pair, double gap, double probability) {
    double own = slope(gap);
    return probability == 1 ? own : probability * own - (1 - probability) * slope(-gap);
  }

  private double slope(double gap) {
    double place = support.clip(gap);
    if (support.clips() && place != gap && !straightThrough) {
      return 0;
    }
    Double shared = split.get(place + 0.0);
    if (shared != null && (place == gap || support.clips())) {
      return shared;
    }
    double stays = loss.value(place);
    double left = loss.value(support.lower()) - price * (place - support.lower());
    double right = loss.value(support.upper()) - price * (support.upper() - place);
    if (stays >= left && stays >= right) {
      double at = support.clips() ? place : gap;
      return Math.max(-price, Math.min(price, loss.slope(at)));
    }
    return left > right ? -price : price;
  }
}
