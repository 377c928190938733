package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.follower.WorstCase.Status;
import org.junit.jupiter.api.Test;

class LossesTest {
  private final Losses losses = new Losses(new double[] {4, -2, 4, 2});

  @Test
  void onePassByHand() {
    assertEquals(-2, losses.min);
    assertEquals(4, losses.max);
    assertEquals(2, losses.largest);
    assertEquals(2, losses.mean);
    assertEquals(Math.sqrt((4 + 16 + 4 + 0) / 4.0), losses.deviation());
    assertEquals((9 + 9 + 1) / 4.0, losses.squaresAbove(1));
    assertEquals((4 - 4 + 0 + 6) / 4.0, losses.mean(new double[] {1, 2, 0, 3}));
  }

  /** θ = log 2: 2^(ℓ − 4) = 1, 1/64, 1, 1/4, of mean 145/256. */
  @Test
  void tiltedWeightsByHand() {
    double scale = 256 / 145.0;
    assertArrayEquals(
        new double[] {scale, scale / 64, scale, scale / 4}, losses.tilted(Math.log(2)), 1e-15);
  }

  /** Above 1: 3, 0, 3, 1, of mean 7/4. */
  @Test
  void weightsAboveAThresholdByHand() {
    assertArrayEquals(new double[] {12 / 7.0, 0, 12 / 7.0, 4 / 7.0}, losses.above(1), 1e-15);
  }

  @Test
  void theEndsByHand() {
    Reweighted nominal = losses.nominal(7);
    assertEquals(Status.NOMINAL, nominal.status());
    assertEquals(2, nominal.value());
    assertEquals(7, nominal.multiplier());
    assertArrayEquals(new double[] {1, 1, 1, 1}, nominal.weights());
    Reweighted saturated = losses.saturated(5);
    assertEquals(Status.SATURATED, saturated.status());
    assertEquals(4, saturated.value());
    assertEquals(5, saturated.multiplier());
    assertArrayEquals(new double[] {2, 0, 2, 0}, saturated.weights());
  }
}
