package io.sgpo.solvers.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.GapLoss;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class TangentsProperties {
  private static final GapLoss LOGISTIC = GapLoss.logistic();

  /** The binary search against the definition, the maximum over all knots. */
  @Property(tries = 500)
  void valueIsTheLargestTangent(
      @ForAll @Size(min = 1, max = 12) List<@DoubleRange(min = -60, max = 60) Double> knots,
      @ForAll @DoubleRange(min = -30, max = 30) double gap) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double knot : knots) {
      largest = Math.max(largest, LOGISTIC.value(knot) + LOGISTIC.slope(knot) * (gap - knot));
    }
    Tangents tangents = Tangents.at(knots.stream().mapToDouble(Double::doubleValue).toArray());
    assertEquals(largest, tangents.value(gap), 1e-13);
    assertTrue(tangents.value(gap) <= LOGISTIC.value(gap) + 1e-13);
  }

  @Property(tries = 300)
  void chordIsTheDifferenceQuotient(
      @ForAll @Size(min = 1, max = 12) List<@DoubleRange(min = -60, max = 60) Double> knots,
      @ForAll @DoubleRange(min = -30, max = 30) double lower,
      @ForAll @DoubleRange(min = 0, max = 30) double distance) {
    Tangents tangents = Tangents.at(knots.stream().mapToDouble(Double::doubleValue).toArray());
    double gap = lower + distance;
    double chord = tangents.chordSlope(lower, gap);
    double drop = tangents.value(lower) - tangents.value(gap);
    assertEquals(drop, chord * (gap - lower), 1e-12);
    double tolerance = 1e-13;
    assertTrue(chord <= -tangents.slope(lower) + tolerance, "at most the slope at a");
    assertTrue(chord >= -tangents.slope(gap) - tolerance, "at least the slope at the gap");
  }
}
