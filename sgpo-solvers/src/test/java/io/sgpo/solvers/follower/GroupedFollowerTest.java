package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.loss.Tangents;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupedFollowerTest {
  private static final Ambiguity BALL = Ambiguity.wasserstein(0.3).support(-3, 4);

  private static double[] gaps(int size) {
    return new SplittableRandom(size).doubles(size, -2, 3).toArray();
  }

  /** Groups of one: every gap moves by the radius's share of its own distance. */
  @Test
  void groupsOfOneMoveEveryGapByTheRadius() {
    double[] gaps = {-1, 0.5, 2};
    WorstCase worst = Followers.grouped(1, 9).solve(gaps, BALL);
    double[] moved = worst.moved();
    double[] atoms = worst.atoms();
    double price = 0;
    for (int i = 0; i < gaps.length; i++) {
      assertEquals(0.3 / (gaps[i] + 3), moved[i], 1e-15);
      assertEquals(gaps[i] - 0.3, atoms[i], 1e-15);
      price += GapLoss.logistic().chordSlope(-3, gaps[i]) / gaps.length;
    }
    assertEquals(price, worst.dualPrice(), 1e-15);
    assertEquals(2, worst.threshold());
  }

  /** Groups of one: V_g = ℓ(ξ) + ε c(ξ), of slope ℓ' (1 − m) − m λ; mean distance 3½. */
  @Test
  void groupsOfOneByHand() {
    double[] gaps = {-1, 0.5, 2};
    GapLoss loss = GapLoss.logistic();
    WorstCase worst = Followers.grouped(1, 9).solve(gaps, BALL);
    double value = 0;
    for (int i = 0; i < gaps.length; i++) {
      double chord = loss.chordSlope(-3, gaps[i]);
      double moved = 0.3 / (gaps[i] + 3);
      value += (loss.value(gaps[i]) + 0.3 * chord) / 3;
      double slope = (1 - moved) * loss.slope(gaps[i]) - moved * chord;
      assertEquals(slope / 3, worst.gradient()[i], 1e-15);
    }
    assertEquals(value, worst.value(), 1e-15);
    assertEquals(0.3 / 3.5, worst.saturation(), 1e-15);
    assertEquals(3, worst.size());
    assertEquals(
        "WorstCase[SOLVED, value=" + worst.value() + ", groups=3, size=3]", worst.toString());
  }

  /** One broken group is enough, whatever the others say. */
  @Test
  void isNotConvergedWhereOneGroupIsNot() {
    GapLoss broken =
        new GapLoss() {
          @Override
          public String name() {
            return "broken above 2";
          }

          @Override
          public double value(double gap) {
            return gap > 2 ? Double.NaN : Math.exp(-gap);
          }

          @Override
          public double slope(double gap) {
            return -Math.exp(-gap);
          }
        };
    for (double[] gaps : new double[][] {{1, 3}, {3, 1}, {1, 1.5, 3}}) {
      WorstCase worst = Followers.grouped(1, 0).solve(gaps, BALL.loss(broken));
      assertEquals(Status.NOT_CONVERGED, worst.status());
    }
    assertEquals(
        Status.SOLVED,
        Followers.grouped(1, 0).solve(new double[] {1, 1.5}, BALL.loss(broken)).status());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 50, 149, 150, 1000})
  void valueIsAtMostThatOfOneBall(int groupSize) {
    double[] gaps = gaps(150);
    double mean = Arrays.stream(gaps).map(GapLoss.logistic()::value).average().orElseThrow();
    double exact = Followers.exact().solve(gaps, BALL).value();
    WorstCase worst = Followers.grouped(groupSize, 1).solve(gaps, BALL);
    assertTrue(worst.value() <= exact + 1e-14, () -> worst.value() + " above " + exact);
    double kept = groupSize < 7 ? 0.5 : 0.9; // of the premium V − mean
    assertTrue(worst.value() > mean + kept * (exact - mean), "most of the premium is kept");
    if (groupSize >= gaps.length) {
      assertEquals(exact, worst.value(), 1e-14);
    }
    assertTrue(worst.certificate() < 1e-11);
    double spent = 0;
    double[] moved = worst.moved();
    for (int i = 0; i < moved.length; i++) {
      spent += moved[i] * (gaps[i] + 3);
    }
    assertEquals(0.3, spent / gaps.length, 1e-12, "all groups together spend the radius");
  }

  @Test
  void gradientIsTheDerivativeInTheGaps() {
    double[] gaps = gaps(11);
    double[] gradient = Followers.grouped(4, 2).solve(gaps, BALL).gradient();
    double step = 1e-5;
    for (int i = 0; i < gaps.length; i++) {
      double[] up = gaps.clone();
      double[] down = gaps.clone();
      up[i] += step;
      down[i] -= step;
      double difference =
          Followers.grouped(4, 2).solve(up, BALL).value()
              - Followers.grouped(4, 2).solve(down, BALL).value();
      assertEquals(gradient[i], difference / (2 * step), 1e-8, "pair " + i);
    }
  }

  @Test
  void eachPairFollowsTheRuleOfItsGroup() {
    double[] gaps = gaps(23);
    WorstCase worst = Followers.grouped(5, 2).solve(gaps, BALL);
    for (LeaderWeighting weighting : LeaderWeighting.values()) {
      double[] weights = worst.weights(weighting);
      LeaderRule rule = worst.leader(weighting);
      for (int i = 0; i < gaps.length; i++) {
        assertEquals(weights[i] * LeaderRules.dpo(gaps[i]), rule.coefficient(i, gaps[i]), 1e-14);
      }
    }
  }

  @Test
  void groupsAreAFunctionOfTheSeed() {
    double[] gaps = gaps(60);
    double[] first = Followers.grouped(10, 1).solve(gaps, BALL).moved();
    assertArrayEquals(first, Followers.grouped(10, 1).solve(gaps, BALL).moved(), 0);
    assertNotEquals(
        Followers.grouped(10, 1).solve(gaps, BALL).value(),
        Followers.grouped(10, 2).solve(gaps, BALL).value());
  }

  /** As the paper runs it: the program on each group, tangents for the loss. */
  @Test
  void thePapersProgramInGroupsIsTheClosedFormInGroups() {
    double[] gaps = gaps(20);
    Ambiguity ambiguity = BALL.loss(Tangents.uniform(6, -3, 4));
    WorstCase program = new GroupedFollower(Followers.lp(), 8, 4).solve(gaps, ambiguity);
    WorstCase closed = Followers.grouped(8, 4).solve(gaps, ambiguity);
    assertEquals(closed.value(), program.value(), 1e-9);
    assertArrayEquals(closed.gradient(), program.gradient(), 1e-9);
  }

  /** Radius 2 saturates a group of low gaps before one of high gaps: still a solve. */
  @Test
  void isSaturatedOnlyWhereEveryGroupIs() {
    double[] gaps = {-2.9, 2.9};
    assertEquals(Status.SOLVED, Followers.grouped(1, 0).solve(gaps, ball(2)).status());
    assertEquals(Status.SATURATED, Followers.grouped(1, 0).solve(gaps, ball(6)).status());
    assertEquals(Status.NOMINAL, Followers.grouped(1, 0).solve(gaps, ball(0)).status());
  }

  private static Ambiguity ball(double radius) {
    return Ambiguity.wasserstein(radius).support(-3, 4);
  }

  @Test
  void refusesAGroupSizeBelowOne() {
    assertEquals(
        "groupSize must be >= 1, but was 0", Refusals.message(() -> Followers.grouped(0, 1)));
  }
}
