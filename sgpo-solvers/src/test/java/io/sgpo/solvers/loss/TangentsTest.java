package io.sgpo.solvers.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.GapLoss;
import io.sgpo.solvers.Refusals;
import org.junit.jupiter.api.Test;

class TangentsTest {
  private static final GapLoss LOGISTIC = GapLoss.logistic();

  /**
   * By symmetry ℓ(−ξ) = ℓ(ξ) + ξ the tangents at −1 and 1 cross at 0; there the right one counts.
   */
  @Test
  void kinkTakesTheSlopeOfSmallerMagnitude() {
    Tangents tangents = Tangents.at(1, -1);
    double right = -1 / (1 + Math.exp(1));
    double left = -1 / (1 + Math.exp(-1));
    assertEquals(right, tangents.slope(0.0), 1e-15);
    assertEquals(right, tangents.slope(-0.0), 1e-15);
    assertEquals(left, tangents.slope(-1e-9), 1e-15);
    assertEquals(LOGISTIC.value(1) - right * -1 * -1, tangents.value(0), 1e-15);
  }

  @Test
  void orderAndRepetitionOfKnotsDoNotMatter() {
    assertArrayEquals(new double[] {-2, 0, 3}, Tangents.at(3, -2, 0, 3, -0.0, -2).knots());
    assertEquals("tangents(3)", Tangents.at(3, -2, 0, 3).name());
  }

  /** Where tangents are one line in double precision, the knot nearest 0 stands for them. */
  @Test
  void ofKnotsWithOneLineTheNearestStays() {
    assertArrayEquals(new double[] {-40, 800}, Tangents.at(900, 800, -40, -50, -16384).knots());
    assertArrayEquals(new double[] {0}, Tangents.at(-1e-20, 0, 1e-20).knots());
    assertArrayEquals(new double[] {0}, Tangents.at(-0.0).knots());
  }

  /**
   * Tangents at t < u cross at (H(t) − H(u)) / (σ(u) − σ(t)), H(t) = log(1 + e^t) − t σ(t). Far
   * left σ is tiny and 1 − σ is not, so only the former keeps its digits.
   */
  @Test
  void kinksFarLeftKeepTheirDigits() {
    double[] knots = {-30, -28};
    double[] small = new double[2];
    double[] entropy = new double[2];
    for (int k = 0; k < 2; k++) {
      small[k] = Math.exp(knots[k]) / (1 + Math.exp(knots[k]));
      entropy[k] = Math.log1p(Math.exp(knots[k])) - knots[k] * small[k];
    }
    double crossing = (entropy[0] - entropy[1]) / (small[1] - small[0]);
    Tangents tangents = Tangents.at(knots);
    assertEquals(LOGISTIC.slope(-30), tangents.slope(crossing - 1e-9));
    assertEquals(LOGISTIC.slope(-28), tangents.slope(crossing + 1e-9));
  }

  /** A gap that is a kink but for rounding lies right of it, and no other gap does. */
  @Test
  void aGapWithinRoundingOfAKinkLiesRightOfIt() {
    for (int k = 0; k < 40; k++) {
      Tangents tangents = Tangents.at(0.1 * k, 0.1 * k + 0.7);
      double[] slopes = tangents.slopes();
      double[] intercepts = tangents.intercepts();
      double kink = (intercepts[0] - intercepts[1]) / (slopes[1] - slopes[0]);
      assertEquals(slopes[1], tangents.slope(kink), "at " + kink);
      assertEquals(slopes[1], tangents.slope(Math.nextDown(kink)), "left of " + kink);
      assertEquals(slopes[0], tangents.slope(kink - 1e-12), "well left of " + kink);
    }
  }

  @Test
  void oneTangentIsALine() {
    Tangents line = Tangents.uniform(1, -3, 5);
    assertArrayEquals(new double[] {1}, line.knots());
    assertEquals(LOGISTIC.value(1) + 9 / (1 + Math.exp(1)), line.value(-8), 1e-14);
    assertEquals(-line.slope(7), line.chordSlope(-3, 5));
  }

  @Test
  void uniformKnotsIncludeBothEnds() {
    assertArrayEquals(
        new double[] {-1, -0.5, 0, 0.5, 1}, Tangents.uniform(5, -1, 1).knots(), 1e-16);
    assertArrayEquals(new double[] {0.3}, Tangents.uniform(3, 0.3, 0.3).knots());
  }

  @Test
  void quantileKnotsAreOrderStatistics() {
    double[] gaps = {9, 1, 4, 0, 2};
    assertArrayEquals(new double[] {0, 1, 2, 4, 9}, Tangents.quantiles(5, gaps).knots());
    assertArrayEquals(new double[] {0, 1.5, 2, 9}, knotsAt(gaps, 0, 0.375, 0.5, 1));
    assertArrayEquals(new double[] {2}, Tangents.quantiles(1, gaps).knots());
    assertArrayEquals(new double[] {9, 1, 4, 0, 2}, gaps);
  }

  /** Nine knots on five gaps: every second one is a gap, the others are midway. */
  private static double[] knotsAt(double[] gaps, double... shares) {
    double[] knots = Tangents.quantiles(9, gaps).knots();
    double[] picked = new double[shares.length];
    for (int i = 0; i < shares.length; i++) {
      picked[i] = knots[(int) (8 * shares[i])];
    }
    return picked;
  }

  @Test
  void probabilityKnotsAreEquallySpacedInSigma() {
    double[] knots = Tangents.probability(5, -3, 2).knots();
    assertEquals(-3, knots[0], 1e-14);
    assertEquals(2, knots[4], 1e-14);
    for (int k = 1; k < 5; k++) {
      double step = (sigmoid(2) - sigmoid(-3)) / 4;
      assertEquals(step, sigmoid(knots[k]) - sigmoid(knots[k - 1]), 1e-15);
    }
  }

  /** K = 2 at the ends: the largest difference is at the kink, found here by a fine grid. */
  @Test
  void maxErrorIsTheLargestDifference() {
    for (int count : new int[] {1, 2, 6, 7}) {
      Tangents tangents = Tangents.uniform(count, -3, 4);
      double largest = 0;
      for (int i = 0; i <= 700_000; i++) {
        double gap = -3 + i * 1e-5;
        largest = Math.max(largest, LOGISTIC.value(gap) - tangents.value(gap));
      }
      assertEquals(largest, tangents.maxError(-3, 4), 1e-5);
      assertTrue(tangents.maxError(-3, 4) >= largest - 1e-15);
    }
  }

  @Test
  void maxErrorOutsideTheKnotsGrowsToTheEnds() {
    Tangents tangent = Tangents.at(0);
    assertEquals(LOGISTIC.value(-5) - (Math.log(2) + 2.5), tangent.maxError(-5, 3), 1e-15);
  }

  /** Knots that are almost equal, or so far out that all tangents coincide. */
  @Test
  void degenerateKnots() {
    Tangents close = Tangents.at(0.5, Math.nextUp(0.5), 0.5 + 1e-12, 0.5 + 1e-7);
    assertEquals(LOGISTIC.value(0.5), close.value(0.5), 1e-15);
    assertTrue(close.maxError(-2, 2) < LOGISTIC.value(-2));
    Tangents far = Tangents.at(-900, -800, 800, 900);
    assertEquals(500, far.value(-500), 1e-9);
    assertEquals(0, far.value(500), 1e-9);
    assertEquals(-1, far.slope(-1));
    assertEquals(2, Tangents.at(800, 900, -40, -50).knots().length);
  }

  /** Gaps far from the knot, and a knot as far out as doubles go: the line is still the line. */
  @Test
  void farKnotsKeepTheLine() {
    assertEquals(0.125, Tangents.at(-1.7e308).value(-0.125));
    assertEquals(0.125, Tangents.at(-16384, -1024, -40).value(-0.125), 1e-15);
    assertEquals(0, Tangents.at(1.7e308).value(-0.125));
  }

  @Test
  void messagesNameTheValue() {
    assertEquals("knots must not be empty", Refusals.message(() -> Tangents.at()));
    assertEquals(
        "knot 1 must be finite, but was NaN", Refusals.message(() -> Tangents.at(0, Double.NaN)));
    assertEquals(
        "tangents must be >= 1, but was 0", Refusals.message(() -> Tangents.uniform(0, 0, 1)));
    assertEquals(
        "lower must be <= upper, but was 2.0 > 1.0",
        Refusals.message(() -> Tangents.probability(3, 2, 1)));
    assertEquals(
        "upper must be finite, but was Infinity",
        Refusals.message(() -> Tangents.uniform(3, 2, Double.POSITIVE_INFINITY)));
    assertEquals(
        "gap 0 must be finite, but was NaN",
        Refusals.message(() -> Tangents.quantiles(3, new double[] {Double.NaN})));
    assertEquals(
        "gaps must not be empty", Refusals.message(() -> Tangents.quantiles(3, new double[0])));
    assertEquals(
        "tangents must be >= 1, but was 0",
        Refusals.message(() -> Tangents.quantiles(0, new double[1])));
    assertEquals(
        "tangents must be >= 1, but was 0", Refusals.message(() -> Tangents.probability(0, 0, 1)));
    assertEquals(
        "lower must be finite, but was -Infinity",
        Refusals.message(() -> Tangents.uniform(3, Double.NEGATIVE_INFINITY, 1)));
    assertEquals(
        "lower must be <= upper, but was 2.0 > 1.0",
        Refusals.message(() -> Tangents.at(0).maxError(2, 1)));
    assertEquals("tangents[-1.0, 2.0]", Tangents.at(2, -1).toString());
  }

  private static double sigmoid(double gap) {
    return 1 / (1 + Math.exp(-gap));
  }

  /** Knots so near that their kinks cannot be told apart: the chord's pieces still add up. */
  @Test
  void chordsOfASupportAsNarrowAsRounding() {
    double lower = -7.35e-10;
    double upper = 2.24e-10;
    for (int count = 2; count <= 9; count++) {
      Tangents tangents = Tangents.uniform(count, lower, upper);
      for (int i = 1; i <= 64; i++) {
        double gap = lower + (upper - lower) * i / 64;
        assertEquals(0.5, tangents.chordSlope(lower, gap), 1e-9, "K = " + count + ", gap " + gap);
      }
    }
  }
}
