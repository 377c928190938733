package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.preference.LossType;
import io.sgpo.run.Options;
import io.sgpo.solvers.loss.PreferenceLoss;
import io.sgpo.spi.StandardOptions;
import io.sgpo.testing.Refusals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PairLossTest {

  private static PairLoss of(LossType type) {
    return new PairLoss(type, type == LossType.ROBUST ? 0.2 : 0);
  }

  @ParameterizedTest
  @EnumSource
  void slopesAreDerivativesUnderEveryLabel(LossType type) {
    PreferenceLoss loss = of(type).of(0.5);
    double h = 1e-6;
    for (double p : new double[] {0, 0.3, 0.5, 0.9, 1}) {
      for (double gap : new double[] {-2.5, -0.4, 0.2, 3.1}) {
        double up = PairLoss.value(loss, gap + h, p);
        double down = PairLoss.value(loss, gap - h, p);
        assertEquals((up - down) / (2 * h), PairLoss.slope(loss, gap, p), 1e-6);
      }
    }
  }

  /** A label of probability 1 − e is a smoothing e; one of 0 is the other label. */
  @Test
  void softLabelsAndSmoothing() {
    PreferenceLoss dpo = PairLoss.DPO.of(1);
    PreferenceLoss smoothed = new PairLoss(LossType.SIGMOID, 0.1).of(1);
    for (double gap : new double[] {-3, 0, 0.7}) {
      assertEquals(smoothed.value(gap), PairLoss.value(dpo, gap, 0.9), 1e-15);
      assertEquals(smoothed.slope(gap), PairLoss.slope(dpo, gap, 0.9), 1e-15);
      assertEquals(dpo.value(-gap), PairLoss.value(dpo, gap, 0));
      assertEquals(dpo.slope(gap), PairLoss.slope(dpo, gap, 1));
    }
    // a soft label moves the target of IPO: the least of p (ξ − ½)² + (1 − p)(ξ + ½)² is p − ½
    assertEquals(0, PairLoss.slope(of(LossType.IPO).of(2), 0.3, 0.8), 1e-15);
  }

  @Test
  void smoothingIsRefusedWhereTheLossHasNone() {
    Options ipo =
        Options.none()
            .with(StandardOptions.LOSS, LossType.IPO)
            .with(StandardOptions.LABEL_SMOOTHING, 0.1);
    Refusals.assertNames(
        IllegalStateException.class, () -> PairLoss.from(ipo), "labelSmoothing", "IPO", "0.1");
    Refusals.assertNames(
        IllegalStateException.class,
        () -> PairLoss.from(Options.none().with(StandardOptions.LOSS, LossType.ROBUST)),
        "labelSmoothing must be > 0",
        "ROBUST");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> new PairLoss(LossType.SIGMOID, 0.5),
        "labelSmoothing",
        "0.5");
    assertTrue(PairLoss.from(Options.none()).isLogistic());
  }
}
