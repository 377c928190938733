package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.loss.ProbabilityLoss;
import io.sgpo.solvers.loss.ProbabilityTangents;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbabilityScaleTest {
  private static final double[] GAPS = {-2, -0.4, 0.3, 1.1, 40};
  private static final GapLoss LOSS = ProbabilityLoss.exact();

  private static double sigmoid(double gap) {
    return 1 / (1 + Math.exp(-gap));
  }

  private static WorstCase solve(double radius, GapLoss loss, double... gaps) {
    return new ProbabilityScale(Followers.exact()).solve(gaps, radius, 0.01, 1, loss);
  }

  /** One pair at p = ½, a = ¼, radius ⅛: half moves, λ* = log 2 / ¼, V = 1½ log 2. */
  @Test
  void onePairByHand() {
    WorstCase worst =
        new ProbabilityScale(Followers.exact()).solve(new double[] {0}, 0.125, 0.25, 0.75, LOSS);
    double price = 4 * Math.log(2);
    assertEquals(1.5 * Math.log(2), worst.value(), 1e-15);
    assertEquals(price, worst.dualPrice(), 1e-14);
    assertArrayEquals(new double[] {0.5}, worst.moved(), 1e-15);
    assertArrayEquals(new double[] {0.375}, worst.atoms(), 1e-15);
    assertEquals(0.5, worst.threshold(), 1e-15); // the pair moves in part
    assertEquals(0.5, worst.saturation(), 1e-15); // ⅛ of a mean distance of ¼
    assertEquals(1, worst.size());
    assertEquals(Status.SOLVED, worst.status());
    // half unmoved, 1 − p, and half moved, λ* p (1 − p)
    assertArrayEquals(new double[] {-0.25 - price / 8}, worst.gradient(), 1e-15);
  }

  /** All that is not the leader's is the answer to the probabilities. */
  @Test
  void reportsTheAnswerToTheProbabilities() {
    double[] p = ProbabilityScale.probabilities(GAPS);
    WorstCase inner =
        Followers.exact().solve(p, Ambiguity.wasserstein(0.1).support(0.01, 1).loss(LOSS));
    WorstCase worst = solve(0.1, LOSS, GAPS);
    assertEquals(inner.value(), worst.value());
    assertEquals(inner.dualPrice(), worst.dualPrice());
    assertEquals(inner.threshold(), worst.threshold());
    assertEquals(inner.saturation(), worst.saturation());
    assertEquals(inner.certificate(), worst.certificate());
    assertArrayEquals(inner.moved(), worst.moved());
    assertArrayEquals(inner.atoms(), worst.atoms());
    assertEquals("on probabilities: " + inner, worst.toString());
  }

  @Test
  void aMovedPairHasWeightPriceTimesProbability() {
    WorstCase worst = solve(0.1, LOSS, GAPS);
    double[] moved = worst.moved();
    double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
    assertEquals(1, moved[0]);
    assertEquals(0, moved[4]);
    assertEquals(worst.dualPrice() * sigmoid(-2), weights[0], 1e-14);
    assertEquals(1, weights[4]);
  }

  @Test
  void gradientIsTheDerivativeInTheMargins() {
    for (GapLoss loss : List.of(LOSS, new ProbabilityTangents(6))) {
      double[] gradient = solve(0.1, loss, GAPS).gradient();
      double step = 1e-5;
      for (int i = 0; i < 4; i++) {
        double[] up = GAPS.clone();
        double[] down = GAPS.clone();
        up[i] += step;
        down[i] -= step;
        double difference = solve(0.1, loss, up).value() - solve(0.1, loss, down).value();
        assertEquals(gradient[i], difference / (2 * step), 1e-7, loss.name() + " pair " + i);
      }
    }
  }

  @Test
  void ruleAtTheSolvedGapsIsWeightTimesSigma() {
    WorstCase worst = solve(0.1, LOSS, GAPS);
    for (LeaderWeighting weighting : LeaderWeighting.values()) {
      double[] weights = worst.weights(weighting);
      LeaderRule rule = worst.leader(weighting);
      for (int i = 0; i < GAPS.length; i++) {
        assertEquals(weights[i] * LeaderRules.dpo(GAPS[i]), rule.coefficient(i, GAPS[i]), 1e-14);
      }
    }
  }

  /** Without a radius the loss of probabilities is that of margins: plain DPO. */
  @Test
  void withoutRadiusItIsDpo() {
    WorstCase worst = solve(0, LOSS, GAPS);
    assertEquals(Status.NOMINAL, worst.status());
    double mean = Arrays.stream(GAPS).map(GapLoss.logistic()::value).average().orElseThrow();
    assertEquals(mean, worst.value(), 1e-15);
    double[] gradient = worst.gradient();
    for (int i = 0; i < GAPS.length; i++) {
      assertEquals(-LeaderRules.dpo(GAPS[i]) / GAPS.length, gradient[i], 1e-16);
    }
  }

  @Test
  void tangentsAreBelowTheLossAndFiniteAtZero() {
    ProbabilityTangents tangents = new ProbabilityTangents(4);
    for (double p = 0.01; p <= 1; p += 0.01) {
      assertTrue(tangents.value(p) <= LOSS.value(p) + 1e-15);
    }
    for (double knot : new double[] {0.25, 0.5, 0.75, 1}) {
      assertEquals(LOSS.value(knot), tangents.value(knot), 1e-15);
      assertEquals(-1 / knot, tangents.slope(knot));
    }
    assertEquals(1 + Math.log(4), tangents.value(0));
    double[] gaps = {-1, 0, 2};
    WorstCase exact = new ProbabilityScale(Followers.exact()).solve(gaps, 0.1, 0, 1, tangents);
    WorstCase program = new ProbabilityScale(Followers.lp()).solve(gaps, 0.1, 0, 1, tangents);
    assertEquals(exact.value(), program.value(), 1e-9);
    assertArrayEquals(exact.gradient(), program.gradient(), 1e-8);
  }

  @Test
  void chordSlopeDoesNotCancel() {
    double lower = 0.3;
    assertEquals(1 / lower, LOSS.chordSlope(lower, lower));
    assertEquals(1 / lower, LOSS.chordSlope(lower, Math.nextUp(lower)), 1e-12);
    assertEquals(Math.log(2) / 0.3, LOSS.chordSlope(lower, 0.6), 1e-15);
  }

  /** A ratio p/a that overflows: the chord is taken as a difference. */
  @Test
  void chordSlopeReachesTinyProbabilities() {
    double tiny = 1e-320;
    assertEquals(-Math.log(tiny), LOSS.chordSlope(tiny, 1), 1e-9);
    assertEquals(-Math.log(1e-9) / (1 - 1e-9), LOSS.chordSlope(1e-9, 1), 1e-12);
  }

  @Test
  void aSetOfMarginsHasTheSameSupportOnProbabilities() {
    Ambiguity set = ProbabilityScale.on(Ambiguity.wasserstein(0.1).support(-2, 3));
    assertEquals(0.1, set.radius());
    assertEquals(sigmoid(-2), set.lower(), 1e-16);
    assertEquals(sigmoid(3), set.upper(), 1e-16);
    assertEquals(LOSS, set.loss());
  }

  @Test
  void refusesWhatIsNoProbability() {
    ProbabilityScale scale = new ProbabilityScale(Followers.exact());
    double[] gaps = {0, -3};
    assertEquals(
        "support must lie in [0, 1], but was [-0.1, 1.0]",
        Refusals.message(() -> scale.solve(gaps, 0.1, -0.1, 1, LOSS)));
    assertTrue(
        Refusals.message(() -> scale.solve(gaps, 0.1, 0, 1, LOSS))
            .contains("must be finite at the support's lower end 0.0"));
    assertTrue(
        Refusals.message(() -> scale.solve(gaps, 0.1, 0.1, 1, LOSS)).contains("gap 1 was 0.04"));
    assertTrue(
        Refusals.message(() -> scale.solve(new double[] {Double.NaN}, 0.1, 0.1, 1, LOSS))
            .contains("gap 0 was NaN"));
    assertEquals(
        "tangents must be >= 1, but was 0", Refusals.message(() -> new ProbabilityTangents(0)));
  }
}
