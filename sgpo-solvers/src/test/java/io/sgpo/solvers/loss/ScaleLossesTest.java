package io.sgpo.solvers.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.GapLoss;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.TangentKnots;
import io.sgpo.solvers.Refusals;
import org.junit.jupiter.api.Test;

class ScaleLossesTest {
  private static final double[] MARGINS = {2, -1, 0, 0.5, 3};
  private static final double[] PROBABILITIES = {0.9, 0.2, 0.5, 0.6, 0.3};

  @Test
  void exactLossesAreThoseOfTheScales() {
    assertEquals(GapLoss.logistic(), ScaleLosses.exact(GapScale.MARGIN));
    assertEquals(ProbabilityLoss.exact(), ScaleLosses.exact(GapScale.PROBABILITY));
  }

  @Test
  void knotsOfMargins() {
    assertArrayEquals(new double[] {-2, 1, 4}, margins(TangentKnots.UNIFORM));
    assertArrayEquals(new double[] {-1, 0.5, 3}, margins(TangentKnots.QUANTILES));
    double[] knots = margins(TangentKnots.PROBABILITY);
    double middle = (1 / (1 + Math.exp(2)) + 1 / (1 + Math.exp(-4))) / 2;
    assertArrayEquals(new double[] {-2, Math.log(middle / (1 - middle)), 4}, knots, 1e-14);
  }

  private static double[] margins(TangentKnots knots) {
    GapLoss tangents = ScaleLosses.tangents(GapScale.MARGIN, knots, 3, MARGINS, -2, 4);
    return ((Tangents) tangents).knots();
  }

  /** The slope of a tangent of −log p is −1/t. */
  @Test
  void knotsOfProbabilities() {
    assertArrayEquals(new double[] {-8, -1 / 0.5, -1 / 0.875}, slopes(TangentKnots.UNIFORM), 1e-14);
    assertArrayEquals(
        new double[] {-1 / 0.2, -1 / 0.5, -1 / 0.9}, slopes(TangentKnots.QUANTILES), 1e-14);
    assertArrayEquals(new double[] {-3, -1.5, -1}, slopes(TangentKnots.PROBABILITY), 1e-14);
  }

  private static double[] slopes(TangentKnots knots) {
    GapLoss tangents =
        ScaleLosses.tangents(GapScale.PROBABILITY, knots, 3, PROBABILITIES, 0.125, 0.875);
    return ((ProbabilityTangents) tangents).slopes();
  }

  @Test
  void givenKnotsOfProbabilitiesAreSortedAndCountOnce() {
    ProbabilityTangents tangents = ProbabilityTangents.at(1, 0.25, 0.25, 0.5);
    assertArrayEquals(new double[] {-4, -2, -1}, tangents.slopes());
    assertEquals("probability tangents(3)", tangents.name());
    for (double knot : new double[] {0.25, 0.5, 1}) {
      assertEquals(-Math.log(knot), tangents.value(knot), 1e-15);
    }
  }

  @Test
  void refusesKnotsWhereTheLossIsInfinite() {
    for (double bad : new double[] {0, -0.1, 1.1, Double.NaN, 1e-320}) {
      String message = Refusals.message(() -> ProbabilityTangents.at(0.5, bad));
      assertTrue(message.contains("must be in (0, 1]") && message.contains("knot 1 was " + bad));
    }
    assertEquals("knots must not be empty", Refusals.message(ProbabilityTangents::at));
    assertTrue(
        Refusals.message(
                () ->
                    ScaleLosses.tangents(
                        GapScale.PROBABILITY, TangentKnots.UNIFORM, 3, PROBABILITIES, 0, 1))
            .contains("knot 0 was 0.0"));
    assertEquals(
        "tangents must be >= 1, but was 0",
        Refusals.message(
            () ->
                ScaleLosses.tangents(
                    GapScale.PROBABILITY, TangentKnots.QUANTILES, 0, PROBABILITIES, 0, 1)));
  }
}
