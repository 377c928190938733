package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sgpo.solvers.Refusals;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DistributionTest {

  /** A generator whose only uniform is u. */
  private static RandomGenerator uniform(double u) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("only doubles are drawn");
      }

      @Override
      public double nextDouble() {
        return u;
      }
    };
  }

  /** With F the cumulative sums, u in [F(i − 1), F(i)) draws i. */
  @Test
  void drawsInvertTheCumulativeSums() {
    Distribution policy = Distribution.of(0, 0.25, 0, 0.5, 0.25, 0);
    double[] uniforms = {0, 0.125, 0.25, 0.5, 0.75, 0.875, Math.nextDown(1.0)};
    int[] drawn = {1, 1, 3, 3, 4, 4, 4};
    for (int i = 0; i < uniforms.length; i++) {
      assertEquals(drawn[i], policy.sample(uniform(uniforms[i])), "u = " + uniforms[i]);
    }
  }

  /** Probabilities that sum to a little less than one still draw an action of theirs. */
  @Test
  void aSumBelowOneDrawsTheLastActionWithMass() {
    double[] short1 = {0.5, 0.25, 0};
    assertEquals(1, Distribution.draw(short1, uniform(0.9)));
  }

  @Test
  void anActionIsCheckedAtBothEnds() {
    assertEquals(
        "action must be in [0, 2), but was -1", Refusals.message(() -> Distribution.pure(2, -1)));
    assertEquals("size must be >= 1, but was 0", Refusals.message(() -> Distribution.pure(0, 0)));
    assertEquals(1, Distribution.pure(2, 0).get(0));
    assertArrayEquals(new double[] {1}, Distribution.uniform(1).toArray());
  }

  @Test
  void entriesAreFinite() {
    assertEquals(
        "probabilities[0] must be finite and >= 0, but was Infinity",
        Refusals.message(() -> Distribution.of(Double.POSITIVE_INFINITY, 0)));
    assertEquals(
        "probabilities[1] must be finite and >= 0, but was NaN",
        Refusals.message(() -> Distribution.of(1, Double.NaN)));
    assertEquals(
        "probabilities must sum to 1 within 1.0E-9, but summed to 0.0",
        Refusals.message(() -> Distribution.of()));
  }

  /** What is off by less than the tolerance is divided by its sum. */
  @Test
  void entriesAreDividedByTheirSum() {
    Distribution nearly = Distribution.of(0.25, 0.75 + 8e-10);
    assertEquals(1, nearly.get(0) + nearly.get(1), 1e-15);
    assertEquals(0.25 / (1 + 8e-10), nearly.get(0), 1e-16);
  }

  @Test
  void theModeIsTheFirstOfEquals() {
    assertEquals(1, Distribution.of(0.2, 0.4, 0.4).mode());
    assertEquals(2, Distribution.of(0.2, 0.3, 0.5).mode());
    assertEquals(0, Distribution.uniform(3).mode());
  }

  @Test
  void divergencesAreOfDistributionsOfOneSize() {
    assertEquals(
        "the other distribution must have 2 actions, but had 3",
        Refusals.message(() -> Distribution.uniform(2).klFrom(Distribution.uniform(3))));
    assertEquals(Math.log(2), Distribution.pure(2, 1).klFrom(Distribution.uniform(2)), 1e-15);
    assertEquals(0, Distribution.uniform(7).klFrom(Distribution.uniform(7)));
  }

  @Test
  void equalityIsByValue() {
    Distribution coin = Distribution.of(0.25, 0.75);
    assertNotEquals(coin, Distribution.of(0.75, 0.25));
    assertNotEquals(coin.hashCode(), Distribution.of(0.75, 0.25).hashCode());
    Object text = coin.toString();
    assertNotEquals(coin, text);
  }

  @Test
  void aConditionalPolicyKeepsItsRows() {
    ConditionalPolicy constant = ConditionalPolicy.constant(Distribution.of(0.25, 0.75));
    assertEquals(Distribution.of(0.25, 0.75), constant.row(1));
    assertArrayEquals(new double[] {0.25, 0.75}, constant.toArray()[0]);
    assertEquals(
        "leaderAction must be in [0, 2), but was 2", Refusals.message(() -> constant.row(2)));
    Distribution first = Distribution.of(0.5, 0.5);
    Distribution second = Distribution.of(1, 0);
    ConditionalPolicy rows = ConditionalPolicy.of(first, second);
    assertEquals(2, rows.size());
    assertEquals(second, rows.row(1));
    assertArrayEquals(new double[][] {{0.5, 0.5}, {1, 0}}, rows.toArray());
    assertEquals(first, ConditionalPolicy.of(rows.toArray()).row(0));
    assertEquals(
        "rows must all have 2 actions, as many as there are rows",
        Refusals.message(() -> ConditionalPolicy.of(first, Distribution.uniform(3))));
  }
}
