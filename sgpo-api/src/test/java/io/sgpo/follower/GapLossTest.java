package io.sgpo.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GapLossTest {

  private final GapLoss logistic = GapLoss.logistic();

  @Test
  void logisticByHand() {
    assertEquals(Math.log(2), logistic.value(0), 1e-16);
    assertEquals(-0.5, logistic.slope(0), 0);
    assertEquals(Math.log(1 + Math.exp(-2)), logistic.value(2), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e6, -800, -40, 40, 800, 1e6})
  void logisticNeverOverflows(double gap) {
    assertTrue(Double.isFinite(logistic.value(gap)));
    assertTrue(logistic.value(gap) >= Math.max(-gap, 0));
    assertTrue(logistic.slope(gap) >= -1 && logistic.slope(gap) <= 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-5, -0.3, 0.7, 3})
  void slopeIsTheDerivative(double gap) {
    double h = 1e-6;
    double difference = (logistic.value(gap + h) - logistic.value(gap - h)) / (2 * h);
    assertEquals(difference, logistic.slope(gap), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"-1,-1", "-1,-0.999999999999", "-2,3", "-29,0.5", "-40,1", "0,60"})
  void chordSlopeLiesBetweenTheSlopesAtItsEnds(double lower, double gap) {
    double chord = logistic.chordSlope(lower, gap);
    assertTrue(chord <= -logistic.slope(lower) * (1 + 1e-15), "chord " + chord);
    assertTrue(chord >= -logistic.slope(gap) * (1 - 1e-15), "chord " + chord);
  }

  @Test
  void chordSlopeDoesNotCancel() {
    double gap = 1e-9;
    // a first-order expansion of the chord from 0: 1/2 - gap/8
    assertEquals(0.5 - gap / 8, logistic.chordSlope(0, gap), 1e-15);
  }

  @Test
  void ambiguityNamesNameValueAndRule() {
    assertEquals(
        "epsilon must be >= 0, but was -1.0",
        assertThrows(IllegalArgumentException.class, () -> Ambiguity.wasserstein(-1)).getMessage());
    assertEquals(
        "support must be a finite interval [a, b] with a <= b, but was [2.0, 1.0]",
        assertThrows(IllegalArgumentException.class, () -> Ambiguity.wasserstein(0.1).support(2, 1))
            .getMessage());
    assertEquals(
        "gaps must be finite, but gap 1 was NaN",
        assertThrows(
                IllegalArgumentException.class,
                () -> Ambiguity.wasserstein(0.1).supportAround(new double[] {0, Double.NaN}, 1))
            .getMessage());
  }

  @Test
  void supportAroundTheGaps() {
    Ambiguity ambiguity = Ambiguity.wasserstein(0.1).supportAround(new double[] {3, -2, 1}, 0.5);
    assertEquals(-2.5, ambiguity.lower());
    assertEquals(3.5, ambiguity.upper());
    assertEquals(logistic, ambiguity.loss());
  }
}
