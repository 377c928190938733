package io.sgpo.solvers.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.solvers.game.SolveStatus;
import io.sgpo.solvers.stats.RidgeLogistic.Fit;
import io.sgpo.solvers.stats.RidgeLogistic.Limits;
import org.junit.jupiter.api.Test;

class RidgeLogisticTest {
  private static final int[] NO_GROUPS = {};

  /** Two coefficients and two groups; weights 4, 8 and 4. */
  private static Fit grouped(int iterations, double tolerance) {
    double[][] features = {{1, 0}, {1, 2}, {3, 1}};
    double[] labels = {1, 0.25, 0};
    int[] groups = {0, 1, 1};
    double[] ridge = {1, 2, 3, 4};
    return new RidgeLogistic(features, labels, groups, ridge)
        .fit(new double[] {4, 8, 4}, new double[4], new Limits(iterations, tolerance));
  }

  /** At 0 the residuals w(½ − p) are −2, 2, 2, so ∇ = (6, 6, −2, 4). */
  @Test
  void theCertificateByHand() {
    Fit start = grouped(0, 1e-9);
    assertEquals(SolveStatus.ITERATION_LIMIT, start.status());
    assertEquals(0, start.iterations());
    assertArrayEquals(new double[4], start.coefficients());
    double bound = 36 / 2.0 + 36 / 4.0 + 4 / 6.0 + 16 / 8.0; // Σ (∂L/∂j)² / (2 λ_j)
    assertEquals(bound / 3, start.certificate(), 1e-14);
  }

  /** Newton's first step d solves H d = ∇, with the curvatures w/4 = 1, 2, 1 at 0. */
  @Test
  void theFirstStepSolvesNewtonsEquations() {
    double[][] hessian = {{13, 7, 1, 5}, {7, 11, 0, 5}, {1, 0, 4, 0}, {5, 5, 0, 7}};
    double[] gradient = {6, 6, -2, 4};
    Fit one = grouped(1, 1e-9);
    assertEquals(1, one.iterations());
    for (int row = 0; row < 4; row++) {
      double product = 0;
      for (int j = 0; j < 4; j++) {
        product += hessian[row][j] * -one.coefficients()[j];
      }
      assertEquals(gradient[row], product, 1e-13, "row " + row);
    }
  }

  /** At the minimum the gradient, written out per coefficient, is zero. */
  @Test
  void theMinimumWithGroups() {
    Fit fit = grouped(20, 1e-28);
    assertEquals(SolveStatus.CONVERGED, fit.status());
    double[] at = fit.coefficients();
    double first = 4 * (sigmoid(at[0] + at[2]) - 1);
    double second = 8 * (sigmoid(at[0] + 2 * at[1] + at[3]) - 0.25);
    double third = 4 * sigmoid(3 * at[0] + at[1] + at[3]);
    assertEquals(-1 * at[0], first + second + 3 * third, 1e-13);
    assertEquals(-2 * at[1], 2 * second + third, 1e-13);
    assertEquals(-3 * at[2], first, 1e-13);
    assertEquals(-4 * at[3], second + third, 1e-13);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static Fit oneCoefficient(double start) {
    return new RidgeLogistic(new double[][] {{1}}, new double[] {0}, NO_GROUPS, new double[] {0.01})
        .fit(new double[] {1}, new double[] {start}, new Limits(1, 1e-12));
  }

  /**
   * Far right of the minimum L = β + β²/200 and H = 1/100, so the full step ends at −100, where L =
   * 50. From 41.428, L = 50.0094: a fall of 0.0094, where 10⁻⁴ ∇²/H = 0.02 is asked. Half the step
   * is taken.
   */
  @Test
  void aStepThatLowersTheLossTooLittleIsHalved() {
    Fit fit = oneCoefficient(41.428);
    assertEquals(1, fit.iterations());
    assertEquals(41.428 - 1.41428 / 0.01 / 2, fit.coefficients()[0], 1e-12);
  }

  /** From 42, L = 50.82: the fall of 0.82 is enough for the full step. */
  @Test
  void aStepThatLowersTheLossEnoughIsTakenInFull() {
    assertEquals(-100, oneCoefficient(42).coefficients()[0], 1e-12);
  }

  @Test
  void aMinimumAtTheStartTakesNoStep() {
    Fit fit =
        new RidgeLogistic(new double[][] {{3}}, new double[] {0.5}, NO_GROUPS, new double[] {1})
            .fit(new double[] {2}, new double[] {0}, new Limits(5, 0));
    assertEquals(SolveStatus.CONVERGED, fit.status());
    assertEquals(0, fit.iterations());
    assertEquals(0, fit.certificate());
  }

  /**
   * One feature that is constant in its only group, and ridges lost beside the curvature ¼: the
   * Schur complement ¼ − ¼ · ¼ / ¼ is 0, and the start comes back as failed.
   */
  @Test
  void aHessianThatRoundingMadeSingularFails() {
    double[] ridge = {1e-300, 1e-300};
    Fit fit =
        new RidgeLogistic(new double[][] {{1}}, new double[] {1}, new int[] {0}, ridge)
            .fit(new double[] {1}, new double[2], new Limits(5, 1e-9));
    assertEquals(SolveStatus.FAILED, fit.status());
    assertEquals(0, fit.iterations());
    assertArrayEquals(new double[2], fit.coefficients());
  }
}
