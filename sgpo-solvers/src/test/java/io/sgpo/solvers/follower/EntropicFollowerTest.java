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
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntropicFollowerTest {
  private static final Ambiguity BALL = Ambiguity.wasserstein(0.4).support(-3, 4);

  private static double[] gaps() {
    return new SplittableRandom(8).doubles(40, -2, 3).toArray();
  }

  /**
   * By hand, N = M = 1: the one pair spends ε = m d, so m = ½ at ε = d/2, and V_T = ½(ℓ(ξ) + ℓ(a))
   * − T KL, where KL = −log 2 for the halves of a measure of two unit masses.
   */
  @Test
  void onePairByHand() {
    GapLoss loss = GapLoss.logistic();
    WorstCase worst =
        Followers.entropic(0.3, 1).solve(new double[] {1}, Ambiguity.wasserstein(1).support(-1, 2));
    assertArrayEquals(new double[] {0.5}, worst.moved(), 1e-7);
    double value = 0.5 * (loss.value(1) + loss.value(-1)) + 0.3 * Math.log(2);
    assertEquals(value, worst.value(), 1e-13);
    assertEquals(loss.chordSlope(-1, 1), worst.dualPrice(), 1e-7); // m = σ(d (c − λ)/T) = ½
  }

  /** With one point the exact threshold is softened: m_i = σ((ξ_i − a)(c_i − λ)/T). */
  @Test
  void withOnePointTheThresholdIsASigmoid() {
    double[] gaps = gaps();
    WorstCase worst = Followers.entropic(0.1, 1).solve(gaps, BALL);
    double[] moved = worst.moved();
    for (int i = 0; i < gaps.length; i++) {
      double distance = gaps[i] + 3;
      double rate = GapLoss.logistic().chordSlope(-3, gaps[i]);
      double sigmoid = 1 / (1 + Math.exp(-distance * (rate - worst.dualPrice()) / 0.1));
      assertEquals(sigmoid, moved[i], 1e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16})
  void coolsToTheExactFollower(int points) {
    double[] gaps = gaps();
    WorstCase exact = Followers.exact().solve(gaps, BALL);
    for (double temperature = 1; temperature > 1e-7; temperature /= 10) {
      WorstCase worst = Followers.entropic(temperature, points).solve(gaps, BALL);
      assertEquals(Status.SOLVED, worst.status());
      double slack = temperature * Math.log(Math.max(2, points)) + 1e-12;
      assertEquals(exact.value(), worst.value(), slack, "temperature " + temperature);
    }
    WorstCase cold = Followers.entropic(1e-9, points).solve(gaps, BALL);
    assertArrayEquals(exact.moved(), cold.moved(), 1e-5);
    assertArrayEquals(exact.gradient(), cold.gradient(), 1e-6);
    assertEquals(exact.dualPrice(), cold.dualPrice(), 1e-6);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void gradientIsTheDerivativeOfTheSoftValue(int points) {
    double[] gaps = {-1.3, 0.2, 0.9, 0.9, 2.6};
    double[] gradient = Followers.entropic(0.2, points).solve(gaps, BALL).gradient();
    double step = 1e-4;
    for (int i = 0; i < gaps.length; i++) {
      double[] up = gaps.clone();
      double[] down = gaps.clone();
      up[i] += step;
      down[i] -= step;
      double difference =
          Followers.entropic(0.2, points).solve(up, BALL).value()
              - Followers.entropic(0.2, points).solve(down, BALL).value();
      assertEquals(gradient[i], difference / (2 * step), 1e-7, "pair " + i);
    }
  }

  /** Where the penalty alone keeps mass back the radius is slack: its price is 0. */
  @Test
  void aSlackRadiusHasNoPrice() {
    WorstCase worst =
        Followers.entropic(50, 4).solve(gaps(), Ambiguity.wasserstein(3).support(-3, 4));
    assertEquals(0, worst.dualPrice());
    assertEquals(Status.SOLVED, worst.status());
  }

  @Test
  void theRuleIsAFunctionOfTheCurrentGap() {
    double[] gaps = gaps();
    WorstCase worst = Followers.entropic(0.1, 3).solve(gaps, BALL);
    LeaderRule rule = worst.leader(LeaderWeighting.ENVELOPE);
    double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
    assertEquals(weights[3] * LeaderRules.dpo(gaps[3]), rule.coefficient(0, gaps[3]), 1e-12);
    assertEquals(LeaderRules.dpo(-3.5), rule.coefficient(0, -3.5));
    assertTrue(worst.certificate() < 1e-10);
  }

  @Test
  void refusesParametersWithNameValueAndRule() {
    assertEquals(
        "temperature must be finite and > 0, but was 0.0; 0 is the exact follower",
        Refusals.message(() -> Followers.entropic(0, 1)));
    assertEquals(
        "points must be >= 1, but was 0", Refusals.message(() -> Followers.entropic(1, 0)));
  }
}
