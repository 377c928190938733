package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.loss.Tangents;
import io.sgpo.spi.Follower;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactFollowerTest {
  private static final GapLoss LOGISTIC = GapLoss.logistic();

  private static WorstCase solve(double epsilon, double a, double b, double... gaps) {
    return Followers.exact().solve(gaps, Ambiguity.wasserstein(epsilon).support(a, b));
  }

  private static double softplus(double x) {
    return Math.log(1 + Math.exp(x));
  }

  /**
   * By hand: a = 0, gaps 1 and 3, budget 2 · 1 = 2. Gap 1 costs 1 and moves; gap 3 moves by 1/3; λ*
   * = (log 2 − ℓ(3)) / 3.
   */
  @Test
  void twoGapsByHand() {
    WorstCase worst = solve(1, 0, 4, 1, 3);
    double slope = (Math.log(2) - softplus(-3)) / 3;
    assertEquals(Status.SOLVED, worst.status());
    assertArrayEquals(new double[] {1, 1.0 / 3}, worst.moved(), 1e-16);
    assertEquals(3, worst.threshold());
    assertEquals(slope, worst.dualPrice(), 1e-15);
    assertEquals((4 * Math.log(2) / 3 + 2 * softplus(-3) / 3) / 2, worst.value(), 1e-15);
    assertEquals(0.5, worst.saturation());
    assertArrayEquals(new double[] {0, 2}, worst.atoms(), 1e-15);
    double sigma3 = 1 / (1 + Math.exp(3));
    assertArrayEquals(
        new double[] {-slope / 2, -(2 * sigma3 / 3 + slope / 3) / 2}, worst.gradient(), 1e-16);
    assertArrayEquals(
        new double[] {slope * (1 + Math.exp(1)), 2.0 / 3 + slope / 3 / sigma3},
        worst.weights(LeaderWeighting.ENVELOPE),
        1e-14);
  }

  /** A pair is capped at λ* below the threshold and let go above it. */
  @Test
  void envelopeRuleFollowsTheCurrentGap() {
    WorstCase worst = solve(1, 0, 4, 1, 3);
    LeaderRule rule = worst.leader(LeaderWeighting.ENVELOPE);
    assertEquals(worst.dualPrice(), rule.coefficient(0, -7));
    assertEquals(worst.dualPrice(), rule.coefficient(1, 2.999));
    assertEquals(-LOGISTIC.slope(3.001), rule.coefficient(0, 3.001));
    double atThreshold = -worst.gradient()[1] * 2;
    assertEquals(atThreshold, rule.coefficient(0, 3), 1e-16);
  }

  @Test
  void heldWeightsMultiplySigmaOfTheCurrentGap() {
    WorstCase worst = solve(1, 0, 4, 1, 3);
    for (LeaderWeighting weighting :
        new LeaderWeighting[] {LeaderWeighting.TANGENT_MIXTURE, LeaderWeighting.ATOMS}) {
      double weight = worst.weights(weighting)[1];
      assertEquals(weight * -LOGISTIC.slope(-2), worst.leader(weighting).coefficient(1, -2), 1e-16);
    }
  }

  /** With tangents the coefficient is relative to the surrogate's slope, times σ(−ξ). */
  @Test
  void envelopeRuleOfASurrogateIsRelativeToItsSlope() {
    Tangents tangents = Tangents.at(-1, 1, 3);
    WorstCase worst =
        Followers.exact()
            .solve(new double[] {1, 3}, Ambiguity.wasserstein(1).support(0, 4).loss(tangents));
    double expected = worst.dualPrice() / -tangents.slope(1.2) * -LOGISTIC.slope(1.2);
    assertEquals(expected, worst.leader(LeaderWeighting.ENVELOPE).coefficient(0, 1.2), 1e-16);
  }

  /** By hand: a := 1, gap 2 costs 1 of the budget 1.5 and moves, gap 3 moves by ¼. */
  @Test
  void atomWeightsByHand() {
    WorstCase worst = solve(0.375, -5, 5, 3, 1, 2, 1);
    assertArrayEquals(
        new double[] {0.75, 1.625, 0, 1.625}, worst.weights(LeaderWeighting.ATOMS), 1e-15);
  }

  @Test
  void equalGapsShareTheBudget() {
    WorstCase worst = solve(0.5, -1, 1, 0.0, -0.0, 0.0);
    assertArrayEquals(new double[] {0.5, 0.5, 0.5}, worst.moved());
    assertEquals(LOGISTIC.chordSlope(-1, 0), worst.dualPrice());
  }

  @Test
  void supportOfOnePoint() {
    WorstCase worst = solve(0.1, 2, 2, 2, 2);
    assertEquals(Status.SATURATED, worst.status());
    assertEquals(LOGISTIC.value(2), worst.value());
    assertEquals(0, worst.dualPrice());
    WorstCase nominal = solve(0, 2, 2, 2, 2);
    assertEquals(Status.NOMINAL, nominal.status());
    assertEquals(LOGISTIC.value(2), nominal.value(), 1e-16);
    assertEquals(0, nominal.saturation());
  }

  @Test
  void oneGap() {
    WorstCase worst = solve(0.5, -1, 3, 1);
    assertEquals(0.25, worst.moved()[0]);
    assertEquals(LOGISTIC.value(1) + 0.5 * LOGISTIC.chordSlope(-1, 1), worst.value(), 1e-15);
  }

  /** Many large gaps: each term is far below the rounding of 1 + e^−ξ, none may be lost. */
  @Test
  void smallLossesKeepTheirRelativeAccuracy() {
    double[] gaps = new double[1000];
    Arrays.fill(gaps, 40);
    double value = solve(0, -1, 50, gaps).value();
    assertEquals(Math.exp(-40), value, 1e-13 * Math.exp(-40));
  }

  @Test
  void extremeGapsStayFinite() {
    WorstCase worst = solve(1, -900, 900, -800, 0, 800);
    assertEquals(1, worst.dualPrice(), 1e-15);
    assertEquals((0.97 * 800 + 0.03 * 900 + Math.log(2)) / 3, worst.value(), 1e-12);
    assertTrue(worst.certificate() < 1e-9);
    for (LeaderWeighting weighting : LeaderWeighting.values()) {
      assertTrue(Arrays.stream(worst.weights(weighting)).allMatch(Double::isFinite));
    }
    WorstCase moved = solve(700, -900, 900, -800, 0, 800);
    for (LeaderWeighting weighting : LeaderWeighting.values()) {
      assertTrue(Arrays.stream(moved.weights(weighting)).allMatch(Double::isFinite));
    }
  }

  /** ℓ = −ξ² is not convex: the knapsack is not its optimum, and the certificate says so. */
  @Test
  void aLossThatIsNotConvexShowsInTheCertificate() {
    GapLoss concave =
        new GapLoss() {
          @Override
          public String name() {
            return "concave";
          }

          @Override
          public double value(double gap) {
            return -gap * gap;
          }

          @Override
          public double slope(double gap) {
            return -2 * gap;
          }
        };
    WorstCase worst =
        Followers.exact()
            .solve(new double[] {1, 3}, Ambiguity.wasserstein(0.5).support(0, 4).loss(concave));
    assertEquals(1, worst.certificate(), 1e-9);
  }

  @Test
  void aLossThatIsNotFiniteIsReported() {
    Ambiguity onProbabilities = Ambiguity.wasserstein(0.1).support(0, 1).loss(minusLog(0));
    String refusal =
        Refusals.message(() -> Followers.exact().solve(new double[] {0.5}, onProbabilities));
    assertTrue(refusal.contains("minus log") && refusal.contains("0.0"), refusal);
    Ambiguity broken = Ambiguity.wasserstein(0.1).support(0.1, 1).loss(minusLog(Double.NaN));
    WorstCase worst = Followers.exact().solve(new double[] {0.5, 0.25}, broken);
    assertEquals(Status.NOT_CONVERGED, worst.status());
    assertThrows(IllegalStateException.class, worst::orElseThrow);
  }

  /** −log ξ up to 0.4, then a value that may break it. */
  private static GapLoss minusLog(double flaw) {
    return new GapLoss() {
      @Override
      public String name() {
        return "minus log";
      }

      @Override
      public double value(double gap) {
        return gap > 0.4 ? flaw : -Math.log(gap);
      }

      @Override
      public double slope(double gap) {
        return -1 / gap;
      }
    };
  }

  @Test
  void resultsAreFreshAndIndependentOfTheInput() {
    double[] gaps = {1, 3};
    WorstCase worst = Followers.exact().solve(gaps, Ambiguity.wasserstein(1).support(0, 4));
    double[] before = worst.moved();
    gaps[0] = 4;
    worst.moved()[0] = 17;
    assertArrayEquals(before, worst.moved());
    assertNotSame(worst.gradient(), worst.gradient());
  }

  @Test
  void isAServiceFoundByName() {
    assertTrue(
        ServiceLoader.load(Follower.class).stream()
            .map(ServiceLoader.Provider::get)
            .anyMatch(
                follower -> follower instanceof ExactFollower && follower.name().equals("exact")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NaN | gaps must be finite, but gap 1 was NaN",
        "-Infinity | gaps must be finite, but gap 1 was -Infinity",
        "-2.5 | gaps must lie in the support [-2.0, 2.0], but gap 1 was -2.5",
        "2.25 | gaps must lie in the support [-2.0, 2.0], but gap 1 was 2.25"
      })
  void refusesAGap(double gap, String message) {
    String refusal = Refusals.message(() -> solve(0.1, -2, 2, 0, gap));
    assertTrue(refusal.startsWith(message), refusal);
  }

  @Test
  void refusesNoGaps() {
    String refusal = Refusals.message(() -> solve(0.1, -2, 2));
    assertEquals("gaps must not be empty", refusal);
  }

  @Test
  void refusesDistancesThatOverflow() {
    String refusal = Refusals.message(() -> solve(1, -1.5e308, 1e308, 1e308));
    assertTrue(refusal.contains("-1.5E308"), refusal);
  }

  /**
   * Sixty thousand gaps: the plan of many blocks and buckets is certified as the small ones are.
   */
  @Test
  void manyGapsAreCertified() {
    SplittableRandom random = new SplittableRandom(5);
    double[] gaps = new double[60_000];
    Arrays.setAll(gaps, i -> 0.3 + random.nextGaussian());
    for (double epsilon : new double[] {0.01, 0.1, 1, 2}) {
      Ambiguity ambiguity = Ambiguity.wasserstein(epsilon).supportAround(gaps, 1);
      for (GapLoss loss : new GapLoss[] {LOGISTIC, Tangents.quantiles(6, gaps)}) {
        WorstCase worst = Followers.exact().solve(gaps, ambiguity.loss(loss));
        assertTrue(worst.certificate() < 2e-12, () -> worst + ": " + worst.certificate());
      }
    }
  }
}
