package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.follower.GapLoss;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LossSumTest {
  private static LossSum above(double threshold, double... gaps) {
    LossSum sum = new LossSum(GapLoss.logistic());
    sum.addAbove(threshold, gaps, 0, gaps.length);
    return sum;
  }

  /** Each number is asked of a fresh sum, whose block is not full. */
  @Test
  void aBlockThatIsNotFullCounts() {
    double[] gaps = {3, 0, -1, 0.5, -2};
    assertEquals(2, above(0, gaps).count());
    assertEquals(new DoubleDouble(3.5, 0), above(0, gaps).gaps());
    assertEquals(0.5, above(0, gaps).least());
    double expected = Math.log1p(Math.exp(-3)) + Math.log1p(Math.exp(-0.5));
    assertEquals(expected, above(0, gaps).value(), 1e-15);
  }

  @Test
  void withoutAGapAboveTheThresholdNothingIsAdded() {
    assertEquals(0, above(4, 3, 4).count());
    assertEquals(0, above(4, 3, 4).value());
    assertEquals(Double.POSITIVE_INFINITY, above(4, 3, 4).least());
    assertEquals(DoubleDouble.ZERO, above(4, 3, 4).gaps());
    assertEquals(0, above(0, -0.0, 0).count()); // neither zero is above the other
    assertEquals(0, above(-0.0, 0, -0.0).count());
  }

  /** The gaps 0, 0.5, …, 499.5: 999 of them are above 0, in three blocks and a part of one. */
  @Test
  void blocksAndTheirMergersCountEveryGapOnce() {
    double[] gaps = IntStream.range(0, 1000).mapToDouble(i -> 0.5 * i).toArray();
    double expected =
        IntStream.range(1, 1000).mapToDouble(i -> Math.log1p(Math.exp(-0.5 * i))).sum();
    for (int cut : new int[] {0, 1, 256, 300, 512, 1000}) {
      LossSum sum = new LossSum(GapLoss.logistic());
      sum.addAbove(0, gaps, cut, 1000);
      LossSum later = new LossSum(GapLoss.logistic());
      later.addAbove(0, gaps, 0, cut);
      sum.merge(later);
      assertEquals(999, sum.count());
      assertEquals(new DoubleDouble(0.5 * 999 * 1000 / 2, 0), sum.gaps());
      assertEquals(0.5, sum.least());
      assertEquals(expected, sum.value(), 1e-14);
    }
  }
}
