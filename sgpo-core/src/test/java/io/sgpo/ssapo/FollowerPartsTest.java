package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.run.Options;
import io.sgpo.solvers.follower.LineWorstCase;
import io.sgpo.solvers.loss.PreferenceLoss;
import io.sgpo.spi.StandardOptions;
import io.sgpo.testing.Refusals;
import java.util.List;
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
    assertEquals(0.4, clipped.clippedShare(gaps));
    assertEquals(0.5, clipped.clip(-7));
    assertEquals(3.5, clipped.clip(9));
    assertEquals(0, new Support(1, 2, false).clippedShare(gaps));
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
    assertEquals(1, labelled.effectiveShare(new double[] {2, 2, 2, 2, 2}), 1e-15);
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
    LineProblem problem = new LineProblem(PreferenceLoss.hinge(), gaps, support);
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
  }

  /** IPO rises again: what the leader has overshot is pushed to the upper end and pulled back. */
  @Test
  void theLeaderOfASquare() {
    Support support = new Support(-4, 4, false);
    double[] gaps = {0.4, 3};
    LineProblem problem = new LineProblem(PreferenceLoss.ipo(1), gaps, support);
    LineWorstCase worst = problem.solve(0.1);
    Leader leader = problem.leader(worst, false);
    assertTrue(leader.slope(1, 3.5, 1) > 0);
    assertTrue(leader.slope(0, -3.5, 1) < 0);
    assertEquals(0, leader.slope(0, 0.5, 1), 1e-12);
    assertEquals(worst.gradient()[0] * 2, leader.slope(0, 0.4, 1), 1e-9);
    assertEquals(worst.gradient()[1] * 2, leader.slope(1, 3, 1), 1e-9);
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
