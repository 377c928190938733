package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialsTest {

  /** Sizes from 10⁻⁸ to 700, both signs. */
  @Test
  void agreesWithTheLibrary() {
    SplittableRandom random = new SplittableRandom(1);
    for (int k = 0; k < 200_000; k++) {
      double x = Math.min(700, Math.exp(random.nextDouble(-18, 6.6))) * (k % 2 == 0 ? 1 : -1);
      double[] values = {x};
      Exponentials.negated(values, 1);
      double expected = Math.exp(-Math.abs(x));
      assertEquals(expected, values[0], 0x1p-51 * expected, () -> "x = " + x);
    }
  }

  @Test
  void endsOfTheScale() {
    double[] values = {0, -0.0, Double.MIN_VALUE, 708, -745, 800, Double.MAX_VALUE, 3};
    Exponentials.negated(values, 7);
    double[] expected = {1, 1, 1, Math.exp(-708), Math.exp(-745), 0, 0, 3};
    assertArrayEquals(expected, values, 0);
  }
}
