package io.sgpo.solvers.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.GapLoss;
import io.sgpo.solvers.Refusals;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbabilityLossTest {
  private static final GapLoss EXACT = ProbabilityLoss.exact();

  @Test
  void exactByHand() {
    assertSame(EXACT, ProbabilityLoss.exact());
    assertEquals(Math.log(4), EXACT.value(0.25), 1e-15);
    assertEquals(-4, EXACT.slope(0.25));
    assertEquals(0.0, EXACT.value(1), "not -0.0");
    assertEquals(Double.POSITIVE_INFINITY, EXACT.value(0));
    assertEquals(Math.log(2) / 0.25, EXACT.chordSlope(0.25, 0.5), 1e-15);
    assertEquals(4, EXACT.chordSlope(0.25, 0.25));
  }

  /** Two tangents, at ½ and 1: −log ½ − 2(p − ½) and 1 − p, which cross at p = log 2. */
  @Test
  void twoTangentsByHand() {
    ProbabilityTangents two = new ProbabilityTangents(2);
    double crossing = Math.log(2);
    assertArrayEquals(new double[] {-2, -1}, two.slopes());
    assertArrayEquals(new double[] {1 + Math.log(2), 1}, two.intercepts(), 1e-15);
    assertEquals(1 + Math.log(2), two.value(0), 1e-15);
    assertEquals(1 - crossing, two.value(crossing), 1e-15);
    assertEquals(-2, two.slope(crossing - 1e-9));
    assertEquals(-1, two.slope(crossing + 1e-9));
    assertEquals(2, two.chordSlope(0.1, 0.6));
    assertEquals(1, two.chordSlope(0.8, 0.9));
    assertEquals((1 + Math.log(2) - 0.2 - 0.1) / 0.8, two.chordSlope(0.1, 0.9), 1e-15);
    two.slopes()[0] = 7;
    two.intercepts()[0] = 7;
    assertEquals(-2, two.slope(0));
  }

  /**
   * Δ(2): at a = ¼ the loss log 4 is above the first tangent, 1 + log 2 − ½; else at the crossing.
   */
  @Test
  void theLargestErrorOfTangentsByHandAndOnAGrid() {
    ProbabilityTangents two = new ProbabilityTangents(2);
    assertEquals(Math.log(4) - (0.5 + Math.log(2)), two.maxError(0.25, 1), 1e-15);
    double crossing = Math.log(2);
    assertEquals(-Math.log(crossing) - (1 - crossing), two.maxError(0.5, 1), 1e-15);
    assertEquals(Double.POSITIVE_INFINITY, two.maxError(0, 1));
    ProbabilityTangents six = new ProbabilityTangents(6);
    double most = 0;
    for (int i = 0; i <= 100_000; i++) {
      double p = 0.1 + 0.85 * i / 100_000;
      most = Math.max(most, EXACT.value(p) - six.value(p));
    }
    assertEquals(most, six.maxError(0.1, 0.95), 1e-8);
    assertTrue(Refusals.message(() -> six.maxError(-0.1, 1)).contains("[-0.1, 1.0]"));
  }

  /** Where tangents are equal the last counts: at p = 1/K of K = 1 there is one line only. */
  @Test
  void oneTangentIsALine() {
    ProbabilityTangents line = new ProbabilityTangents(1);
    assertArrayEquals(new double[] {-1}, line.slopes());
    assertEquals(0.75, line.value(0.25));
  }

  @Test
  void slopesAreDerivatives() {
    for (GapLoss loss : List.of(EXACT, new ProbabilityTangents(6))) {
      for (double p = 0.055; p < 1; p += 0.05) {
        double difference = (loss.value(p + 1e-7) - loss.value(p - 1e-7)) / 2e-7;
        assertEquals(difference, loss.slope(p), 1e-6 * -difference, loss.name() + " at " + p);
        assertTrue(loss.value(p) <= EXACT.value(p) + 1e-15);
      }
    }
  }

  @Test
  void names() {
    assertEquals("-log p", EXACT.name());
    assertEquals("-log p", EXACT.toString());
    assertEquals("probability tangents(2)", new ProbabilityTangents(2).name());
    assertEquals("probability tangents(2)[-2.0, -1.0]", new ProbabilityTangents(2).toString());
  }

  @Test
  void atLeastOneTangent() {
    assertEquals(
        "tangents must be >= 1, but was 0", Refusals.message(() -> new ProbabilityTangents(0)));
  }
}
