package io.sgpo.ssapo;

import io.sgpo.follower.LeaderRule;
import java.util.Arrays;

/**
 * Weights of atoms, none above a cap: min(w, C).
 *
 * @param cap C, or infinity
 * @param uncapped w
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WeightCap(double cap, double[] uncapped) {

  double[] weights() {
    return Arrays.stream(uncapped).map(weight -> Math.min(weight, cap)).toArray();
  }

  /** The rule of weighted atoms with capped weights in their place. */
  LeaderRule of(LeaderRule rule) {
    if (Double.isInfinite(cap)) {
      return rule;
    }
    double[] shares =
        Arrays.stream(uncapped).map(weight -> weight > cap ? cap / weight : 1).toArray();
    return (atom, gap) -> shares[atom] * rule.coefficient(atom, gap);
  }
}
