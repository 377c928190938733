package io.sgpo.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * An objective's answer for one group: its loss, and the derivative of the loss with respect to
 * every score. The policy descends along Σ c ∇ log π.
 *
 * <p>Row i belongs to item i of the group; it has one coefficient per token of the response, or a
 * single one that holds for every token (the derivative with respect to the sequence's log π). The
 * rows are not copied; do not change them after handing them over.
 *
 * @param loss the group's loss, for reports
 * @param coefficients ∂loss/∂ log π, a row per item
 */
public record GroupGradient(double loss, List<double[]> coefficients) {
  public GroupGradient {
    coefficients = List.copyOf(coefficients);
  }

  /** Derivatives with respect to whole sequences, one per item. */
  public static GroupGradient ofSequences(double loss, double... coefficients) {
    List<double[]> rows = new ArrayList<>(coefficients.length);
    for (double coefficient : coefficients) {
      rows.add(new double[] {coefficient});
    }
    return new GroupGradient(loss, rows);
  }

  /**
   * The coefficient of an item's token.
   *
   * @param item the item's index in its group
   * @param token the token's position in the response
   */
  public double coefficient(int item, int token) {
    double[] row = coefficients.get(item);
    return row.length == 1 ? row[0] : row[token];
  }
}
