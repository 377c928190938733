package io.sgpo.peers;

import java.util.ArrayList;
import java.util.List;

/**
 * The finite convex program of arXiv 2502.18099 as a linear program that every solver is given
 * alike, q = q⁺ − q⁻:
 *
 * <pre>
 * maximise (1/N) Σ_ik [ a_k (s_ik ξ_i − q_ik) + b_k s_ik ]     s, q⁺, q⁻ ≥ 0
 * s.t.     Σ_k s_ik = 1 for every i,   (1/N) Σ_ik (q⁺_ik + q⁻_ik) ≤ ε
 *          a s_ik ≤ s_ik ξ_i − q_ik ≤ b s_ik
 * </pre>
 *
 * <p>3NK variables in the order s, q⁺, q⁻ of each (i, k), under 1 + N + 2NK rows.
 */
final class LinearProgram {

  /**
   * lower ≤ Σ coefficients × variables ≤ upper.
   *
   * @param variables indices of variables
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never changed
  record Row(double lower, double upper, int[] variables, double[] coefficients) {}

  private final double[] objective;
  private final List<Row> rows = new ArrayList<>();

  private LinearProgram(int variables) {
    objective = new double[variables];
  }

  static LinearProgram of(Instance instance) {
    int size = instance.gaps().length;
    int pieces = instance.tangents().slopes().length;
    LinearProgram program = new LinearProgram(3 * size * pieces);
    program.addObjective(instance, pieces);
    program.addBudget(size, instance.exact().radius());
    for (int i = 0; i < size; i++) {
      program.addPair(instance, i, pieces);
    }
    return program;
  }

  private void addObjective(Instance instance, int pieces) {
    double[] gaps = instance.gaps();
    double[] slopes = instance.tangents().slopes();
    double[] intercepts = instance.tangents().intercepts();
    for (int i = 0; i < gaps.length; i++) {
      for (int k = 0; k < pieces; k++) {
        int s = 3 * (i * pieces + k);
        objective[s] = (slopes[k] * gaps[i] + intercepts[k]) / gaps.length;
        objective[s + 1] = -slopes[k] / gaps.length;
        objective[s + 2] = slopes[k] / gaps.length;
      }
    }
  }

  private void addBudget(int size, double radius) {
    int[] variables = new int[2 * objective.length / 3];
    double[] coefficients = new double[variables.length];
    for (int j = 0; j < variables.length; j++) {
      variables[j] = 3 * (j / 2) + 1 + j % 2;
      coefficients[j] = 1.0 / size;
    }
    rows.add(new Row(Double.NEGATIVE_INFINITY, radius, variables, coefficients));
  }

  private void addPair(Instance instance, int i, int pieces) {
    double toLower = instance.gaps()[i] - instance.exact().lower();
    double toUpper = instance.exact().upper() - instance.gaps()[i];
    int[] whole = new int[pieces];
    double[] ones = new double[pieces];
    for (int k = 0; k < pieces; k++) {
      int s = 3 * (i * pieces + k);
      whole[k] = s;
      ones[k] = 1;
      rows.add(atLeastZero(s, toLower, -1));
      rows.add(atLeastZero(s, toUpper, 1));
    }
    rows.add(new Row(1, 1, whole, ones));
  }

  /** 0 ≤ room s + sign (q⁺ − q⁻). */
  private static Row atLeastZero(int s, double room, double sign) {
    return new Row(
        0, Double.POSITIVE_INFINITY, new int[] {s, s + 1, s + 2}, new double[] {room, sign, -sign});
  }

  /** The coefficient of each variable, to be maximised; variables are {@code >= 0}. */
  double[] objective() {
    return objective;
  }

  List<Row> rows() {
    return rows;
  }
}
