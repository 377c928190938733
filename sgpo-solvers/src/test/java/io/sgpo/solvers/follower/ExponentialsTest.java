package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialsTest {

  /** Blocks of every scale up to the largest that goes through the loops, both signs. */
  @Test
  void blocksAgreeWithTheLibrary() {
    SplittableRandom random = new SplittableRandom(1);
    for (int k = 0; k < 2000; k++) {
      double most = Math.min(32, Math.exp(random.nextDouble(-18, 3.6)));
      double[] values = random.doubles(16 + k % 241, -most, most).toArray();
      values[k % 16] = most;
      agrees(values, 0x1p-45);
    }
  }

  @Test
  void fewOrLargeNumbersAreTheLibrarys() {
    agrees(new double[] {0.1, -3, 31}, 0);
    double[] block = new SplittableRandom(2).doubles(256, -700, 700).toArray();
    agrees(block, 0);
  }

  /** A number that the doubled powers of 1 + q meet exactly, and its neighbours. */
  @Test
  void powersOfTwoAreNoSteps() {
    for (double most : new double[] {0.5, 1, 2, 4, 8, 16, 32}) {
      double[] values = new double[64];
      Arrays.setAll(values, i -> most * (1 - i / 640.0));
      agrees(values, 0x1p-45);
    }
  }

  private static void agrees(double[] values, double tolerance) {
    double[] found = values.clone();
    Exponentials.negated(found, found.length);
    for (int i = 0; i < values.length; i++) {
      double expected = Math.exp(-Math.abs(values[i]));
      double x = values[i];
      assertEquals(expected, found[i], tolerance * expected, () -> "x = " + x);
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
