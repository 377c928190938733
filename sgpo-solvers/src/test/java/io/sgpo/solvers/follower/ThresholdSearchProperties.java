package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sizes at which gaps are narrowed in buckets, and orders that are hard on a quickselect. */
class ThresholdSearchProperties {

  @TestFactory
  Stream<DynamicTest> hardShapes() {
    int size = 20_000;
    return Stream.of(
        shape("ascending", size, i -> i),
        shape("descending", size, i -> -i),
        shape("organ pipe", size, i -> Math.min(i, size - i)),
        shape("two values", size, i -> i % 2),
        shape("all equal", size, i -> 3),
        shape("one far outlier", size, i -> i == 7 ? 1e12 : i % 1000),
        shape("outliers on every scale", size, i -> Math.scalb(1.0, i % 200)),
        shape("nearly all tied", size, i -> i % 100 == 0 ? i : -1));
  }

  private static DynamicTest shape(String name, int size, IntToDoubleFunction gap) {
    double[] gaps = IntStream.range(0, size).mapToDouble(gap).toArray();
    return DynamicTest.dynamicTest(
        name,
        () -> {
          for (double share : new double[] {1e-6, 0.1, 0.25, 0.5, 0.9, 1 - 1e-9}) {
            agrees(gaps, 1, share);
          }
        });
  }

  @Property(tries = 60)
  void agreesWithASort(
      @ForAll Random random,
      @ForAll @IntRange(min = 4000, max = 9000) int size,
      @ForAll @IntRange(min = 0, max = 3) int shape,
      @ForAll @DoubleRange(min = 0.001, max = 0.999) @Scale(9) double share) {
    DoubleUnaryOperator transform =
        switch (shape) {
          case 0 -> x -> x;
          case 1 -> x -> x * x * x * x * x;
          case 2 -> x -> Math.round(4 * x) / 4.0;
          default -> Math::exp;
        };
    double[] gaps = new double[size];
    Arrays.setAll(gaps, i -> transform.applyAsDouble(random.nextGaussian()));
    agrees(gaps, 0.5, share);
  }

  /** A sum of quarters is exact: the boundary must be met exactly, in buckets too. */
  @Property(tries = 40)
  void spentBudgetsEndOnTheNextGap(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int sixteenths) {
    int size = 8192;
    double[] gaps = new double[size];
    Arrays.setAll(gaps, i -> random.nextInt(4000) / 4.0);
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    int last = size / 16 * sixteenths;
    while (sorted[last + 1] == sorted[last]) {
      last++;
    }
    double spent = Arrays.stream(sorted, 0, last + 1).map(gap -> gap + 1).sum();
    Transport plan = plan(gaps, -1, spent / size);
    assertEquals(sorted[last + 1], plan.threshold());
    assertEquals(0, plan.fraction());
  }

  /** Partial sums are added in other orders, so a boundary may be missed, but only by rounding. */
  @Property(tries = 500)
  void aBudgetSpentUpToRoundingIsMetFromOneSide(
      @ForAll Random random, @ForAll @IntRange(min = 2, max = 5000) int size) {
    double[] gaps = new double[size];
    Arrays.setAll(gaps, i -> random.nextGaussian());
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    double lower = sorted[0] - 0.1;
    int last = random.nextInt(size - 1);
    double spent = Arrays.stream(sorted, 0, last + 1).map(gap -> gap - lower).sum();
    Transport plan = plan(gaps, lower, spent / gaps.length);
    if (plan.threshold() == sorted[last]) {
      assertTrue(plan.fraction() > 1 - 1e-8);
    } else {
      assertEquals(sorted[last + 1], plan.threshold());
      assertTrue(plan.fraction() < 1e-8);
    }
  }

  /**
   * Seven doubles of 0.9 are more than the double 6.3, by 3·10⁻¹⁶, though adding them as doubles
   * may say otherwise; eight are 7.2 exactly. With and without buckets.
   */
  @Test
  void budgetsAreComparedAsRealNumbers() {
    for (int size : new int[] {16, 8192}) {
      assertEquals(new Transport(0.9, 1), plan(cheap(7, size), 0, 7 * 0.9 / size));
      assertEquals(new Transport(50, 0), plan(cheap(8, size), 0, 8 * 0.9 / size));
    }
  }

  private static double[] cheap(int count, int size) {
    double[] gaps = new double[size];
    Arrays.fill(gaps, 50);
    Arrays.fill(gaps, 1, count + 1, 0.9);
    return gaps;
  }

  /** Sums that promised a larger total than the search finds: all mass moves, nothing is lost. */
  @Test
  void aBudgetBeyondTheLastGapMovesAll() {
    double[] gaps = {1, 2, 3};
    GapSummary promised = GapSummary.of(3, 0, 1, 3, 1, new DoubleDouble(10, 0));
    assertEquals(new Transport(3, 1), ThresholdSearch.plan(new DoubleGaps(gaps), promised, 3));
  }

  private static Transport plan(double[] gaps, double lower, double radius) {
    Gaps all = new DoubleGaps(gaps);
    return ThresholdSearch.plan(all, GapSummary.of(all, lower), radius);
  }

  private static void agrees(double[] gaps, double margin, double share) {
    Instance around = Instance.around(gaps, margin, 0, 0);
    Instance instance = around.withRadius(share * around.meanDistance());
    double[] untouched = gaps.clone();
    Transport plan = plan(gaps, instance.lower(), instance.radius());
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    double left = instance.radius() * gaps.length;
    double spent = 0;
    for (double gap : sorted) {
      spent += plan.moved(gap) * (gap - instance.lower());
    }
    assertEquals(left, spent, 1e-11 * left, "the budget is spent");
    assertTrue(plan.fraction() >= 0 && plan.fraction() <= 1);
    assertTrue(Arrays.binarySearch(sorted, plan.threshold()) >= 0, "the threshold is a gap");
    assertTrue(Arrays.equals(untouched, gaps), "the gaps are not modified");
  }

  /** Gaps so large that the sum of the others would be lost in theirs. */
  @Test
  void farOutliersCostNoDigits() {
    double[] normal = new Random(3).doubles(4000, -3, 3).toArray();
    for (double[] far : new double[][] {{1e36, 1e20}, {1e34}, {1e30}, {1e24}, {1e13}, {1e12}}) {
      double[] gaps = Arrays.copyOf(normal, normal.length + far.length);
      System.arraycopy(far, 0, gaps, normal.length, far.length);
      Instance instance = new Instance(gaps, -6, 1e37, 2);
      SortedReference reference = new SortedReference(instance, GapLoss.logistic());
      WorstCase worst = Followers.exact().solve(gaps, Ambiguity.wasserstein(2).support(-6, 1e37));
      assertEquals(reference.value, worst.value(), 1e-12, () -> Arrays.toString(far));
      assertEquals(reference.dualPrice, worst.dualPrice(), 1e-14);
      assertTrue(worst.certificate() < 1e-9);
    }
  }
}
