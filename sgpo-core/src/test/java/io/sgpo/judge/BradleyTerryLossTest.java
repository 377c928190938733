package io.sgpo.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BradleyTerryLossTest {

  @Test
  void byHand() {
    // margin log 3: σ = 3/4
    double r = Math.log(3);
    assertEquals(-Math.log(0.75), BradleyTerryLoss.value(r, 0, 1, 0), 1e-15);
    assertEquals(-Math.log(0.25), BradleyTerryLoss.value(r, 0, 0, 0), 1e-15);
    double soft = -0.8 * Math.log(0.75) - 0.2 * Math.log(0.25);
    assertEquals(soft, BradleyTerryLoss.value(r, 0, 0.8, 0), 1e-15);
    double centred = soft + 0.1 * (r + 2) * (r + 2);
    assertEquals(centred, BradleyTerryLoss.value(r + 1, 1, 0.8, 0.1), 1e-14);
  }

  @ParameterizedTest
  @CsvSource({"0.3, -1.2, 1, 0", "0.3, -1.2, 0.7, 0.05", "-2, 2, 0.5, 0", "5, 4.5, 0, 0.2"})
  void theGradientIsTheCentralDifference(double chosen, double rejected, double p, double c) {
    double h = 1e-5;
    double[] gradient = BradleyTerryLoss.gradient(chosen, rejected, p, c);
    double first =
        BradleyTerryLoss.value(chosen + h, rejected, p, c)
            - BradleyTerryLoss.value(chosen - h, rejected, p, c);
    double second =
        BradleyTerryLoss.value(chosen, rejected + h, p, c)
            - BradleyTerryLoss.value(chosen, rejected - h, p, c);
    assertEquals(first / (2 * h), gradient[0], 1e-9);
    assertEquals(second / (2 * h), gradient[1], 1e-9);
  }

  @Test
  void largeMarginsOverflowNothing() {
    assertEquals(2000, BradleyTerryLoss.value(-1000, 1000, 1, 0), 1e-9);
    assertEquals(0, BradleyTerryLoss.value(1000, -1000, 1, 0), 1e-300);
    assertEquals(-1, BradleyTerryLoss.gradient(-1000, 1000, 1, 0)[0]);
  }

  @Test
  void bothSidesOfTheSigmoidSumToOneExactly() {
    for (double x = -60; x <= 60; x += 0.37) {
      assertEquals(1, Sigmoid.of(x) + Sigmoid.of(-x));
    }
    assertTrue(Sigmoid.of(Double.NaN) != Sigmoid.of(Double.NaN));
    assertEquals(0.5, Sigmoid.of(0));
  }
}
