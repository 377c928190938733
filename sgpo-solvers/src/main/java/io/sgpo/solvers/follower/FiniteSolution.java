package io.sgpo.solvers.follower;

import io.sgpo.follower.WorstCase.Status;
import java.util.Arrays;

/** The answer of {@link FiniteProgram}. Immutable; arrays are fresh copies of N rows of K. */
public final class FiniteSolution {
  private final Status status;
  private final double value;
  private final double dualPrice;
  private final double certificate;
  private final double[][] mixing;
  private final double[][] displacements;

  FiniteSolution(
      Status status,
      double value,
      double dualPrice,
      double certificate,
      double[][] mixing,
      double[][] displacements) {
    this.status = status;
    this.value = value;
    this.dualPrice = dualPrice;
    this.certificate = certificate;
    this.mixing = mixing;
    this.displacements = displacements;
  }

  /** {@link Status#SOLVED} or {@link Status#NOT_CONVERGED}. */
  public Status status() {
    return status;
  }

  /** The program's objective at (s, q). */
  public double value() {
    return value;
  }

  /** λ* = ∂V/∂ε, from the program's one-dimensional dual. */
  public double dualPrice() {
    return dualPrice;
  }

  /**
   * An upper bound on |value − optimum|: the distance to the one-dimensional dual, to which is
   * added what the constraints are violated by, at the price of the steepest piece.
   */
  public double certificate() {
    return certificate;
  }

  /** s_ik, the mass of pair i on piece k; each row sums to 1. */
  public double[][] mixing() {
    return copy(mixing);
  }

  /** q_ik, mass times displacement to the left. */
  public double[][] displacements() {
    return copy(displacements);
  }

  @Override
  public String toString() {
    return "FiniteSolution["
        + status
        + ", value="
        + value
        + ", dualPrice="
        + dualPrice
        + ", certificate="
        + certificate
        + "]";
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }
}
