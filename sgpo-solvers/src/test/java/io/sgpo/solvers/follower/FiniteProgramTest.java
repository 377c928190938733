package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.follower.Ambiguity;
import io.sgpo.solvers.loss.PiecewiseAffine;
import org.junit.jupiter.api.Test;

class FiniteProgramTest {
  private static final PiecewiseAffine VEE =
      PiecewiseAffine.of(new double[] {-1, 2}, new double[] {0, 0});

  /** Gaps 0 and 1 in [−2, 3], ε = ½; pieces −z and 2z. */
  private static double violation(double[][] s, double[][] q) {
    return violation(Ambiguity.wasserstein(0.5).support(-2, 3), s, q);
  }

  private static double violation(Ambiguity ambiguity, double[][] s, double[][] q) {
    return new FiniteProgram(new double[] {0, 1}, ambiguity, VEE).violation(s, q);
  }

  private static double[][] rows(double... cells) {
    return new double[][] {{cells[0], cells[1]}, {cells[2], cells[3]}};
  }

  @Test
  void aPlanWithinItsConstraintsViolatesNone() {
    assertEquals(0, violation(rows(1, 0, 0, 1), rows(0.25, 0, 0, -0.25)));
    assertEquals(0, violation(rows(0.25, 0.75, 0.5, 0.5), rows(0.5, 0, 0, -0.5)));
  }

  /** In [0, 1] the mass −⅛ at the moment −1/16 is as far from 0 · (−⅛) as from 1 · (−⅛). */
  @Test
  void aNegativeMassIsAViolation() {
    Ambiguity unit = Ambiguity.wasserstein(0.5).support(0, 1);
    assertEquals(0.125, violation(unit, rows(1.125, -0.125, 0, 1), rows(0, 0.0625, 0, 0)));
  }

  /** The masses of the second pair sum to ¾ and to 5/4. */
  @Test
  void aPairsMassSumsToOne() {
    assertEquals(0.25, violation(rows(1, 0, 0.25, 0.5), rows(0, 0, 0, 0)));
    assertEquals(0.25, violation(rows(1, 0, 0.25, 1), rows(0, 0, 0, 0)));
  }

  /** The mean of |q| is (¾ + ¾)/2, a quarter above ε; signs do not cancel. */
  @Test
  void theRadiusIsNotOverspent() {
    assertEquals(0.25, violation(rows(1, 0, 0, 1), rows(0.75, 0, 0, -0.75)));
  }

  /**
   * Mass ⅛ of the pair 1 at q = ½ sits at 1/8 − ½ = −3/8 of mass, below ⅛ · (−2) by ⅛; at q = −½ at
   * 5/8, above ⅛ · 3 by ¼.
   */
  @Test
  void massStaysInTheSupport() {
    assertEquals(0.125, violation(rows(1, 0, 0.125, 0.875), rows(0, 0, 0.5, 0)));
    assertEquals(0.25, violation(rows(1, 0, 0.125, 0.875), rows(0, 0, -0.5, 0)));
  }

  /** |3 − (−5)| + ¼ (1 + 2), and rounding of 1 + |−5|. */
  @Test
  void theCertificateAddsDistanceViolationAndRounding() {
    assertEquals(
        8.75 + 6 * TransportWorstCase.ROUNDING, FiniteProgram.certificate(-5, 3, 0.25, 2), 2e-15);
  }
}
