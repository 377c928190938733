package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TransportWorstCaseTest {
  private static GapLoss loss(DoubleUnaryOperator value, DoubleUnaryOperator slope) {
    return new GapLoss() {
      @Override
      public String name() {
        return "by hand";
      }

      @Override
      public double value(double gap) {
        return value.applyAsDouble(gap);
      }

      @Override
      public double slope(double gap) {
        return slope.applyAsDouble(gap);
      }
    };
  }

  /**
   * max(2 − ξ, 0) on [0, 4] at the gaps 1 and 3, ε = ½. A plan that moves both spends 2. At the
   * price ½ the dual is ¼ + (3/2 + ½)/2 = 5/4. The certificate of the value 1 is their distance ¼,
   * plus ½ (2 − ½), plus rounding of ℓ(0) + 5/4 + ¼.
   */
  @Test
  void theCertificateAddsDistanceOverspendingAndRounding() {
    GapLoss hinge = loss(gap -> Math.max(2 - gap, 0), gap -> gap < 2 ? -1 : 0);
    Ambiguity ambiguity = Ambiguity.wasserstein(0.5).support(0, 4).loss(hinge);
    Gaps gaps = new DoubleGaps(new double[] {1, 3});
    Knapsack wrong = new Knapsack(Status.SOLVED, new Transport(3, 1), 0.5, 1, 2, 0);
    WorstCase worst = new TransportWorstCase(gaps, ambiguity, GapSummary.of(gaps, 0), wrong);
    assertEquals(0.25 + 0.75 + 3.5 * TransportWorstCase.ROUNDING, worst.certificate(), 1e-15);
    assertEquals(
        "WorstCase[SOLVED, value=1.0, dualPrice=0.5, threshold=3.0, saturation=0.25, size=2]",
        worst.toString());
  }

  /**
   * ℓ = −√ξ on [0, 1] is infinitely steep at a = 0. The gap 0 moves at no cost; of the gap 1 the
   * radius 1/10 moves a fifth, at the price (0 + 1)/1. g = (1, 4/5 · ½ + 1/5 · 1).
   */
  @Test
  void aMovedGapHasThePriceHoweverSteepTheLossWas() {
    GapLoss root = loss(gap -> -Math.sqrt(gap), gap -> -0.5 / Math.sqrt(gap));
    Ambiguity ambiguity = Ambiguity.wasserstein(0.1).support(0, 1).loss(root);
    double[] gaps = {0, 1};
    WorstCase worst = Followers.exact().solve(gaps, ambiguity);
    assertArrayEquals(new double[] {-0.5, -0.3}, worst.gradient(), 1e-16);
    StreamedWorstCase streamed =
        StreamingFollower.solve(GapQuery.of(ambiguity), List.of(GapPartition.of(gaps)));
    assertEquals(-0.5, streamed.gradient(0));
    assertEquals(-0.3, streamed.gradient(1), 1e-16);
  }

  /**
   * So many gaps that several threads fill the answers: a quarter each at 0, 1, 2 and 3, a = −1. To
   * move the zeros costs ¼; half of that is spent.
   */
  @Test
  void everyPairOfManyHasItsAnswer() {
    int size = Scan.PARALLEL_FROM;
    double[] gaps = new double[size];
    Arrays.setAll(gaps, i -> i % 4);
    WorstCase worst = Followers.exact().solve(gaps, Ambiguity.wasserstein(0.125).support(-1, 3));
    double[] moved = worst.moved();
    double[] atoms = worst.atoms();
    double[] gradient = worst.gradient();
    GapLoss logistic = GapLoss.logistic();
    double atZero = 0.5 * 0.5 + 0.5 * (logistic.value(-1) - logistic.value(0));
    double[] expected = {atZero, -logistic.slope(1), -logistic.slope(2), -logistic.slope(3)};
    for (int i = 0; i < size; i++) {
      assertTrue(moved[i] == (i % 4 == 0 ? 0.5 : 0));
      assertTrue(atoms[i] == (i % 4 == 0 ? -0.5 : i % 4));
      assertTrue(Math.abs(gradient[i] + expected[i % 4] / size) < 1e-20);
    }
  }
}
