package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.follower.KlPenalty.Sign;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KlPenaltyTest {

  private static final double[] LOSSES = {0.1, 0.7, 0.7, 2.5};

  /** Losses 0 and log 2 at η = 1: e^ℓ is 1 and 2, e^−ℓ is 1 and ½. */
  @Test
  void byHand() {
    double[] losses = {0, Math.log(2)};
    KlPenalty up = KlPenalty.pessimistic(1);
    assertArrayEquals(new double[] {2.0 / 3, 4.0 / 3}, up.weights(losses), 1e-15);
    assertEquals(Math.log(1.5), up.value(losses), 1e-15);
    KlPenalty down = KlPenalty.optimistic(1);
    assertArrayEquals(new double[] {4.0 / 3, 2.0 / 3}, down.weights(losses), 1e-15);
    assertEquals(-Math.log(0.75), down.value(losses), 1e-15);
  }

  @ParameterizedTest
  @EnumSource
  void weightsAreTheGradientOfTheValue(Sign sign) {
    KlPenalty penalty = new KlPenalty(sign, 0.8);
    double[] weights = penalty.weights(LOSSES);
    double h = 1e-6;
    for (int i = 0; i < LOSSES.length; i++) {
      double[] up = LOSSES.clone();
      double[] down = LOSSES.clone();
      up[i] += h;
      down[i] -= h;
      assertEquals(
          (penalty.value(up) - penalty.value(down)) / (2 * h), weights[i] / 4, 1e-9, "pair " + i);
    }
    assertEquals(4, Arrays.stream(weights).sum(), 1e-12);
  }

  /** The value is that of the penalised problem at its weights. */
  @ParameterizedTest
  @EnumSource
  void valueIsThePenalisedMean(Sign sign) {
    KlPenalty penalty = new KlPenalty(sign, 0.5);
    double[] weights = penalty.weights(LOSSES);
    double mean = 0;
    double divergence = 0;
    for (int i = 0; i < 4; i++) {
      mean += weights[i] * LOSSES[i] / 4;
      divergence += weights[i] * Math.log(weights[i]) / 4;
    }
    double penalised = mean + (sign == Sign.PESSIMISTIC ? -0.5 : 0.5) * divergence;
    assertEquals(penalised, penalty.value(LOSSES), 1e-12);
  }

  @Test
  void limits() {
    assertEquals(1.0, KlPenalty.pessimistic(1e12).value(LOSSES), 1e-3);
    assertArrayEquals(new double[] {1, 1, 1, 1}, KlPenalty.optimistic(1e9).weights(LOSSES), 1e-8);
    assertEquals(2.5, KlPenalty.pessimistic(1e-3).value(LOSSES), 2e-3);
    assertEquals(0.1, KlPenalty.optimistic(1e-3).value(LOSSES), 2e-3);
    double[] far = {-1e300, 1e300};
    assertTrue(Double.isFinite(KlPenalty.optimistic(1).value(far)));
    assertArrayEquals(new double[] {2, 0}, KlPenalty.optimistic(1).weights(far));
    assertArrayEquals(new double[] {0, 2}, KlPenalty.pessimistic(1).weights(far));
  }

  @Test
  void domains() {
    for (double temperature : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> KlPenalty.optimistic(temperature))
                  .getMessage());
      assertTrue(message.contains("temperature") && message.contains("" + temperature), message);
    }
    assertThrows(
        IllegalArgumentException.class, () -> KlPenalty.optimistic(1).weights(new double[0]));
    assertThrows(
        IllegalArgumentException.class,
        () -> KlPenalty.optimistic(1).weights(new double[] {Double.NaN}));
  }
}
