package io.sgpo.solvers.follower;

import io.sgpo.follower.GapLoss;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * The follower's problem by definition: sort, fill group by group of equal gaps, sum. Shares no
 * code with the solver; budgets are compared in exact decimal arithmetic.
 */
final class SortedReference {
  final double[] moved;
  final double value;
  final double dualPrice;

  SortedReference(Instance instance, GapLoss loss) {
    double[] gaps = instance.gaps();
    double a = instance.lower();
    double[] sorted = Arrays.stream(gaps).map(gap -> gap + 0.0).sorted().toArray();
    BigDecimal left = new BigDecimal(instance.radius()).multiply(BigDecimal.valueOf(sorted.length));
    double threshold = Double.POSITIVE_INFINITY;
    double fraction = 0;
    for (int i = 0; i < sorted.length; ) {
      int next = i;
      while (next < sorted.length && sorted[next] == sorted[i]) {
        next++;
      }
      BigDecimal cost =
          new BigDecimal(sorted[i])
              .subtract(new BigDecimal(a))
              .multiply(BigDecimal.valueOf(next - i));
      if (left.compareTo(cost) < 0) {
        threshold = sorted[i];
        fraction = left.doubleValue() / cost.doubleValue();
        break;
      }
      left = left.subtract(cost);
      i = next;
    }
    moved = new double[gaps.length];
    BigDecimal total = BigDecimal.ZERO;
    for (int i = 0; i < gaps.length; i++) {
      boolean free = instance.radius() == 0;
      moved[i] = free ? 0 : gaps[i] < threshold ? 1 : gaps[i] == threshold ? fraction : 0;
      total = total.add(new BigDecimal((1 - moved[i]) * loss.value(gaps[i])));
      total = total.add(new BigDecimal(moved[i] * loss.value(a)));
    }
    value = total.doubleValue() / gaps.length;
    dualPrice = threshold == Double.POSITIVE_INFINITY ? 0 : loss.chordSlope(a, threshold);
  }
}
