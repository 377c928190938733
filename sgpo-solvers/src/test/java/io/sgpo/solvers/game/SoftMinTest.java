package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SoftMinTest {
  private static final double[] COSTS = {0.75, 0.25, 0.5};
  private static final double[] REFERENCE = {0.5, 0.25, 0.25};
  private static final double[] UNIFORM = {1.0 / 3, 1.0 / 3, 1.0 / 3};

  /** −τ log Σ r exp(−c/τ), and w ∝ r exp(−c/τ), on both sides of the τ where the form changes. */
  @Test
  void valueAndWeightsAreTheirDefinition() {
    for (double tau : new double[] {0.1, 1, 7.9, 8, 8.1, 100}) {
      for (double[] reference : new double[][] {REFERENCE, UNIFORM}) {
        double sum = 0;
        double[] weights = new double[3];
        for (int i = 0; i < 3; i++) {
          weights[i] = reference[i] * Math.exp(-COSTS[i] / tau);
          sum += weights[i];
        }
        for (int i = 0; i < 3; i++) {
          weights[i] /= sum;
        }
        double slack = 1e-15 * (1 + tau);
        assertEquals(-tau * Math.log(sum), SoftMin.value(COSTS, reference, tau), slack);
        assertArrayEquals(weights, weights(reference, tau), 1e-15);
      }
      assertEquals(
          SoftMin.value(COSTS, UNIFORM, tau), SoftMin.value(COSTS, null, tau), 1e-15 * (1 + tau));
      assertArrayEquals(weights(UNIFORM, tau), weights(null, tau), 1e-15);
    }
  }

  private static double[] weights(double[] reference, double tau) {
    double[] weights = COSTS.clone();
    SoftMin.weights(weights, reference, tau);
    return weights;
  }

  @Test
  void limitsAreExact() {
    double endless = Double.POSITIVE_INFINITY;
    assertEquals(0.25, SoftMin.value(COSTS, REFERENCE, 0));
    assertEquals(0.5625, SoftMin.value(COSTS, REFERENCE, endless));
    assertEquals(0.5, SoftMin.value(COSTS, null, endless), 1e-16);
    assertArrayEquals(new double[] {0, 1, 0}, weights(REFERENCE, 0));
    assertArrayEquals(REFERENCE, weights(REFERENCE, endless));
    assertArrayEquals(UNIFORM, weights(null, endless));
  }

  /** V = E_r c − Var_r(c)/(2τ) + O(1/τ²): at τ = 10¹² the mean is met to the last digits. */
  @Test
  void largeStrengthsKeepTheirDigits() {
    assertEquals(0.5625, SoftMin.value(COSTS, REFERENCE, 1e12), 1e-12);
    assertEquals(0.5, SoftMin.value(COSTS, null, 1e12), 1e-12);
  }

  @Test
  void tiesGoToTheFirst() {
    double[] tied = {0.5, 0.25, 0.25};
    assertEquals(1, SoftMin.firstSmallest(tied));
    assertEquals(2, SoftMin.ties(tied));
    assertEquals(0.25, SoftMin.smallest(tied));
    assertArrayEquals(new double[] {-0.5, -0.25, -0.25}, SoftMin.negated(tied));
  }
}
