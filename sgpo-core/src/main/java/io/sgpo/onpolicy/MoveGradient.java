package io.sgpo.onpolicy;

import java.util.Arrays;

/**
 * What is learned from one move.
 *
 * @param coefficients ∂loss/∂ log π of every token, not copied
 * @param advantage payoff minus baseline, for reports
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record MoveGradient(double[] coefficients, double advantage) {

  @Override
  public String toString() {
    return "advantage " + advantage + " " + Arrays.toString(coefficients);
  }
}
