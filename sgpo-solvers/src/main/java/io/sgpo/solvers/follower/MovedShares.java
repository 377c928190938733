package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;
import io.sgpo.solvers.follower.PairwiseWorstCase.Plan;
import java.util.Arrays;

/** What follows from the share m_i of each pair's mass that goes to the lower end, and from λ*. */
final class MovedShares {
  /** A share that is nearer to 1 counts as whole. */
  private static final double WHOLE = 1 - 1e-9;

  private MovedShares() {}

  /** No pair moves. */
  static Plan nominal(double[] gaps, GapLoss loss) {
    double[] steepness = Arrays.stream(gaps).map(gap -> -loss.slope(gap)).toArray();
    return new Plan(
        new double[gaps.length], steepness, steepness, (pair, gap) -> LeaderRules.dpo(gap));
  }

  /** All mass sits on a; no gradient is left. */
  static Plan saturated(int size, Ambiguity ambiguity) {
    double[] moved = new double[size];
    Arrays.fill(moved, 1);
    double[] kept = new double[size];
    Arrays.fill(kept, -ambiguity.loss().slope(ambiguity.lower()));
    return new Plan(moved, new double[size], kept, (pair, gap) -> 0);
  }

  /**
   * g_i = (1 − m_i) s(ξ_i) + m_i λ*, and with the displacements held (1 − m_i) s(ξ_i) + m_i s(a).
   *
   * @param moved m_i; kept
   */
  static Plan of(double[] gaps, Ambiguity ambiguity, double[] moved, double price) {
    GapLoss loss = ambiguity.loss();
    double atLower = -loss.slope(ambiguity.lower());
    double[] envelope = new double[gaps.length];
    double[] kept = new double[gaps.length];
    for (int i = 0; i < gaps.length; i++) {
      double steepness = -loss.slope(gaps[i]);
      envelope[i] = (1 - moved[i]) * steepness + moved[i] * price;
      kept[i] = (1 - moved[i]) * steepness + moved[i] * atLower;
    }
    return new Plan(moved, envelope, kept, rule(gaps, moved, price, loss));
  }

  /** The smallest gap that is not wholly moved; the largest of all if each is. */
  static double threshold(double[] gaps, double[] moved) {
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < gaps.length; i++) {
      least = moved[i] < WHOLE ? Math.min(least, gaps[i]) : least;
      largest = Math.max(largest, gaps[i]);
    }
    return least < Double.POSITIVE_INFINITY ? least : largest;
  }

  private static LeaderRule rule(double[] gaps, double[] moved, double price, GapLoss loss) {
    double threshold = threshold(gaps, moved);
    double share = 0;
    int tied = 0;
    for (int i = 0; i < gaps.length; i++) {
      share += gaps[i] == threshold ? moved[i] : 0;
      tied += gaps[i] == threshold ? 1 : 0;
    }
    return LeaderRules.envelope(new Transport(threshold, share / tied), price, loss);
  }
}
