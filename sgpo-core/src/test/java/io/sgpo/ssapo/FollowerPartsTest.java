package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.LeaderRule;
import io.sgpo.run.GapReport.PairWeight;
import io.sgpo.run.Metrics;
import io.sgpo.run.Options;
import io.sgpo.solvers.follower.LineWorstCase;
import io.sgpo.solvers.loss.PreferenceLoss;
import io.sgpo.spi.StandardOptions;
import io.sgpo.testing.Refusals;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Supports, masses, refreshes, doubts and leaders, by hand. */
class FollowerPartsTest {

  @Test
  void supportsByMarginAndByQuantile() {
    double[] gaps = {4, 0, 1, 2, 3};
    assertEquals(new Support(-1, 5, false), new SupportRule(1, 0, false).of(gaps));
    Support clipped = new SupportRule(1, 0.125, false).of(gaps);
    assertEquals(new Support(0.5, 3.5, true), clipped);
    assertArrayEquals(new double[] {1, 1, 0, 0, 0}, clipped.clipped(gaps));
    assertEquals(0.5, clipped.clip(-7));
    assertEquals(3.5, clipped.clip(9));
    assertArrayEquals(new double[5], new Support(1, 2, false).clipped(gaps));
    assertSame(clipped, clipped.reaching(-10, 10));
    assertEquals(new Support(-2, 5, false), new Support(-1, 5, false).reaching(-2, 3));
    Refusals.assertNames(
        IllegalArgumentException.class, () -> new SupportRule(0, 0, false), "supportMargin", "0.0");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> new SupportRule(1, 0.5, false),
        "supportQuantile",
        "0.5");
  }

  @Test
  void soft() {
    LabelledGaps labelled = new LabelledGaps(new double[] {2, -1, 3}, new double[] {1, 0.75, 0.5});
    assertArrayEquals(new double[] {2, -1, 3, 1, -3}, labelled.atoms());
    assertArrayEquals(new double[] {1, 0.75, 0.5, 0.25, 0.5}, labelled.masses());
    assertEquals(3, labelled.mirrored(1));
    assertEquals(4, labelled.mirrored(2));
    // (2 − 0.75 + 0.25 + 1.5 − 1.5) / 3
    assertEquals(0.5, labelled.mean(labelled.atoms()), 1e-15);
    // p z − (1 − p) z'
    assertArrayEquals(
        new double[] {2, 0.75 * 3 - 0.25 * 5, 0.5 * 4 - 0.5 * 6},
        labelled.targets(new double[] {2, 3, 4, 5, 6}));
    assertNull(new LabelledGaps(new double[] {1}, new double[] {1}).masses());
  }

  @Test
  void refreshes() {
    assertEquals(List.of(0, 3, 6, 9), due(new Refresh(Refresh.Unit.STEPS, 3), 10));
    assertEquals(List.of(0, 5), due(new Refresh(Refresh.Unit.PER_ROUND, 2), 10));
    assertEquals(10, due(new Refresh(Refresh.Unit.STEPS, 1), 10).size());
    assertEquals(List.of(), due(new Refresh(Refresh.Unit.BATCH, 1), 10));
    Options both =
        Options.none()
            .with(StandardOptions.REFRESH_STEPS, 2)
            .with(FollowerOptions.BATCH_FOLLOWER, true);
    Refusals.assertNames(
        IllegalStateException.class,
        () -> Refresh.from(both),
        "refreshSteps",
        "batchFollower",
        "2",
        "true");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> new Refresh(Refresh.Unit.STEPS, 0),
        "refreshSteps",
        "0");
  }

  private static List<Integer> due(Refresh refresh, int steps) {
    return IntStream.range(0, steps).filter(step -> refresh.isDue(step, steps)).boxed().toList();
  }

  /** The 6th and 7th smallest of 50, which is index 5 and 6, as in SPA's reference code. */
  @Test
  void theThresholdOfDoubt() {
    Doubt doubt = new Doubt(0.1);
    for (int i = 0; i < 49; i++) {
      doubt.see(49 - i);
      assertEquals(0, doubt.threshold());
    }
    doubt.see(50);
    assertEquals(6.5, doubt.threshold());
    doubt.see(-1); // takes the place of the first, 49
    assertEquals(5.5, doubt.threshold());
    Doubt again = new Doubt(0.1);
    again.restore(doubt.state());
    doubt.see(-2);
    again.see(-2);
    assertEquals(doubt.threshold(), again.threshold());
    assertEquals(4.5, again.threshold());
  }

  @Test
  void refinements() {
    LabelRefinement published = LabelRefinement.DEFAULT;
    assertEquals(0.5, published.lambda(1));
    assertEquals(0.125, published.lambda(3));
    assertEquals(0.9, published.smoothed(1), 1e-15);
    assertEquals(0.5, published.smoothed(0.5), 1e-15);
    assertTrue(!published.smooths(1, 10) && published.smooths(2, 10));
    LabelRefinement own = new LabelRefinement(0, 0.1, 0, List.of(1.0, 0.25));
    assertEquals(0.25, own.lambda(7));
    assertTrue(!own.smooths(0, 10));
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> new LabelRefinement(0.6, 0.1, 0, List.of()),
        "smoothing",
        "0.6");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> new LabelRefinement(0.1, 0.1, 0, List.of(-1.0)),
        "extrapolation",
        "-1.0");
  }

  /** φ of a hinge: ℓ(a) − λ(ξ − a) below the gap that was split, the hinge above it. */
  @Test
  void theLeaderOfAHinge() {
    Support support = new Support(-1, 3, false);
    double[] gaps = {0, 2};
    LineProblem problem = new LineProblem(PreferenceLoss.hinge(), certain(gaps), support);
    // ℓ = 1, 0 and 2 at −1: rates 1 and ⅔; ε = ¾ moves the first wholly and ½ / 3 of the second
    LineWorstCase worst = problem.solve(0.75);
    assertEquals(2.0 / 3, worst.dualPrice(), 1e-9);
    Leader leader = problem.leader(worst, false);
    assertEquals(-2.0 / 3, leader.slope(0, 0, 1), 1e-9);
    assertEquals(-2.0 / 3, leader.slope(0, 1.99, 1), 1e-9);
    assertEquals(-2.0 / 3 / 6, leader.slope(1, 2, 1), 1e-9);
    assertEquals(0, leader.slope(1, 2.01, 1), 1e-9);
    assertEquals(0, leader.slope(1, 7, 1), 1e-9);
    assertEquals(-2.0 / 3, leader.slope(0, -5, 1), 1e-9);
    assertEquals(2, problem.largestUseful());
    // the hinge has the slopes −1 and 0: only the first pair has a weight
    WeightReport report = WeightReport.of(certain(gaps), problem.weights(worst));
    assertEquals(1, report.pairs().size());
    assertEquals(0, report.pairs().get(0).gap());
    assertEquals(2.0 / 3, report.metrics().get(Metrics.WEIGHT_MIN), 1e-9);
    assertEquals(2.0 / 3, report.metrics().get(Metrics.WEIGHT_MAX), 1e-9);
    assertEquals(1, report.metrics().get(Metrics.EFFECTIVE_SAMPLE_SHARE), 1e-9);
    assertArrayEquals(new double[] {1, Double.NaN}, problem.plainWeights());
  }

  /** IPO rises again: what the leader has overshot is pushed to the upper end and pulled back. */
  @Test
  void theLeaderOfASquare() {
    Support support = new Support(-4, 4, false);
    double[] gaps = {0.4, 3};
    LineProblem problem = new LineProblem(PreferenceLoss.ipo(1), certain(gaps), support);
    LineWorstCase worst = problem.solve(0.1);
    Leader leader = problem.leader(worst, false);
    assertTrue(leader.slope(1, 3.5, 1) > 0);
    assertTrue(leader.slope(0, -3.5, 1) < 0);
    assertEquals(0, leader.slope(0, 0.5, 1), 1e-12);
    assertEquals(worst.gradient()[0] * 2, leader.slope(0, 0.4, 1), 1e-9);
    assertEquals(worst.gradient()[1] * 2, leader.slope(1, 3, 1), 1e-9);
  }

  private static LabelledGaps certain(double... gaps) {
    double[] ones = new double[gaps.length];
    Arrays.fill(ones, 1);
    return new LabelledGaps(gaps, ones);
  }

  /** w = (2, 1, 0, 3) with masses (1, ¾, 1, ¼): Σ μ w = 3.5, Σ μ w² = 7 of 3 pairs. */
  @Test
  void weightsAreReportedByMass() {
    LabelledGaps labelled = new LabelledGaps(new double[] {5, 6, 7}, new double[] {1, 0.75, 1});
    WeightReport report = WeightReport.of(labelled, new double[] {2, 1, 0, 3});
    assertEquals(0, report.metrics().get(Metrics.WEIGHT_MIN));
    assertEquals(3, report.metrics().get(Metrics.WEIGHT_MAX));
    assertEquals(3.5 / 3, report.metrics().get(Metrics.WEIGHT_MEAN), 1e-15);
    assertEquals(3.5 * 3.5 / (3 * 7), report.metrics().get(Metrics.EFFECTIVE_SAMPLE_SHARE), 1e-15);
    assertEquals(
        List.of(new PairWeight(5, 2), new PairWeight(6, 1), new PairWeight(7, 0)), report.pairs());
    WeightReport none = WeightReport.of(labelled, new double[4]);
    assertEquals(0, none.metrics().get(Metrics.EFFECTIVE_SAMPLE_SHARE));
    double[] undefined = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
    assertEquals(new WeightReport(Map.of(), List.of()), WeightReport.of(labelled, undefined));
  }

  @Test
  void weightsAboveTheCapAreCutOffAtIt() {
    WeightCap cap = new WeightCap(2, new double[] {0, 1, 4});
    assertArrayEquals(new double[] {0, 1, 2}, cap.weights());
    LeaderRule rule = cap.of((atom, gap) -> cap.uncapped()[atom] * gap);
    assertEquals(0, rule.coefficient(0, 3));
    assertEquals(3, rule.coefficient(1, 3));
    assertEquals(6, rule.coefficient(2, 3));
    WeightCap none = new WeightCap(Double.POSITIVE_INFINITY, new double[] {7});
    assertArrayEquals(new double[] {7}, none.weights());
    LeaderRule same = (atom, gap) -> gap;
    assertSame(same, none.of(same));
  }

  @Test
  void quantilesOfMassesAreThoseOfOrderStatisticsWhereMassesAreEqual() {
    double[] sorted = {0, 1, 4, 9};
    double[] equal = {0.5, 0.5, 0.5, 0.5};
    for (double share = 0; share <= 1; share += 0.0625) {
      assertEquals(Support.quantile(sorted, share), Support.quantile(sorted, equal, share), 1e-12);
    }
    // places ½, 2, 5: halfway from ½ to 5 is 2.75, a quarter of the way from 4 to 8
    assertEquals(5, Support.quantile(new double[] {0, 4, 8}, new double[] {1, 2, 4}, 0.5), 1e-15);
    assertEquals(3, Support.quantile(new double[] {3}, new double[] {2}, 0.7));
    // a label that is certainly the other one has no mass at its own gap
    LabelledGaps turned = new LabelledGaps(new double[] {100, 1, 2}, new double[] {0, 1, 1});
    assertEquals(new Support(-100, 2, true), new SupportRule(1, 1e-300, false).of(turned));
  }

  /** Of the range of weights the ends, of the rest the mean over the batches that report it. */
  @Test
  void solvesOfBatchesAreReportedTogether() {
    FollowerAverages averages = new FollowerAverages();
    averages.add(Map.of(Metrics.EPSILON, 1.0, Metrics.WEIGHT_MIN, 0.5, Metrics.WEIGHT_MAX, 2.0));
    averages.add(Map.of(Metrics.EPSILON, 2.0));
    FollowerAverages again = new FollowerAverages();
    again.restore(averages.state());
    again.add(Map.of(Metrics.EPSILON, 6.0, Metrics.WEIGHT_MIN, 0.75, Metrics.WEIGHT_MAX, 3.0));
    assertEquals(
        Map.of(Metrics.EPSILON, 3.0, Metrics.WEIGHT_MIN, 0.5, Metrics.WEIGHT_MAX, 3.0),
        again.metrics());
    assertEquals(Map.of(), new FollowerAverages().metrics());
  }

  @Test
  void aClippedPairHasNoGradientButStraightThrough() {
    Support support = new Support(-1, 1, true);
    LabelledGaps labelled = new LabelledGaps(new double[] {0, 2}, new double[] {1, 1});
    Leader none = new RuleLeader((atom, gap) -> 10 + gap, labelled, support, false);
    Leader through = new RuleLeader((atom, gap) -> 10 + gap, labelled, support, true);
    assertEquals(-10, none.slope(0, 0, 1));
    assertEquals(-11, none.slope(0, 1, 1));
    assertEquals(0, none.slope(1, 2, 1), 0);
    assertEquals(-11, through.slope(1, 2, 1));
    assertEquals(-9, through.slope(1, -3, 1));
  }
}
