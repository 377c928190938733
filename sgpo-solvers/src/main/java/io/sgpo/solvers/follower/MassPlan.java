package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.WorstCase.Status;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Who moves where gaps have masses: the fractional knapsack of {@link ExactFollower} with the cost
 * μ_i (ξ_i − a) and the budget ε, the smallest gaps first.
 *
 * @param moves the threshold and the share that moves of the mass on it
 * @param dualPrice λ*
 * @param cost Σ μ_i (ξ_i − a), the radius that moves all mass
 */
record MassPlan(Status status, Transport moves, double dualPrice, double cost) {

  /**
   * O(N log N).
   *
   * @param masses sum to 1
   */
  static MassPlan of(double[] gaps, double[] masses, Ambiguity set) {
    double lower = set.lower();
    int[] order =
        IntStream.range(0, gaps.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> gaps[i] + 0.0))
            .mapToInt(Integer::intValue)
            .toArray();
    DoubleDouble cost = DoubleDouble.ZERO;
    for (int i : order) {
      cost = cost.plus(DoubleDouble.product(masses[i], gaps[i] - lower));
    }
    if (set.radius() == 0) {
      double price = set.loss().chordSlope(lower, gaps[order[0]]);
      return new MassPlan(Status.NOMINAL, Transport.NONE, price, cost.value());
    }
    if (set.radius() >= cost.value()) {
      Transport all = new Transport(gaps[order[order.length - 1]] + 0.0, 1);
      return new MassPlan(Status.SATURATED, all, 0, cost.value());
    }
    return split(gaps, masses, set, order, cost.value());
  }

  private static MassPlan split(
      double[] gaps, double[] masses, Ambiguity set, int[] order, double cost) {
    DoubleDouble left = DoubleDouble.sum(set.radius(), 0);
    for (int start = 0; start < order.length; ) {
      double gap = gaps[order[start]];
      DoubleDouble tied = DoubleDouble.ZERO;
      int end = start;
      for (; end < order.length && gaps[order[end]] == gap; end++) {
        tied = tied.plus(DoubleDouble.product(masses[order[end]], gap - set.lower()));
      }
      if (left.minus(tied).value() < 0) {
        Transport moves = new Transport(gap, left.value() / tied.value());
        return new MassPlan(Status.SOLVED, moves, set.loss().chordSlope(set.lower(), gap), cost);
      }
      left = left.minus(tied);
      start = end;
    }
    // rounding has lost the end of the budget
    Transport all = new Transport(gaps[order[order.length - 1]] + 0.0, 1);
    return new MassPlan(Status.SATURATED, all, 0, cost);
  }
}
