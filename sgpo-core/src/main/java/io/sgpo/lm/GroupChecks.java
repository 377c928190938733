package io.sgpo.lm;

import io.sgpo.policy.GroupGradient;
import java.util.ArrayList;
import java.util.List;

/** What an objective's answer must be, with the group named in messages. */
final class GroupChecks {

  private GroupChecks() {}

  static double requireFiniteLoss(int group, GroupGradient gradient) {
    if (!Double.isFinite(gradient.loss())) {
      throw new ArithmeticException(
          "group " + group + ": loss must be finite, but was " + gradient.loss());
    }
    return gradient.loss();
  }

  /** For every item a coefficient per score, divided by the normaliser. */
  static List<double[]> coefficients(
      int group, List<Row> rows, GroupGradient gradient, double normaliser) {
    if (gradient.coefficients().size() != rows.size()) {
      throw new IllegalArgumentException(
          "group %d: coefficients must be given for %d items, but were given for %d"
              .formatted(group, rows.size(), gradient.coefficients().size()));
    }
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      requireLength(group, i, rows.get(i).scores(), gradient);
      double[] row = new double[rows.get(i).scores()];
      for (int t = 0; t < row.length; t++) {
        row[t] = gradient.coefficient(i, t) / normaliser;
        requireFinite(group, i, t, gradient, row[t]);
      }
      all.add(row);
    }
    return all;
  }

  private static void requireLength(int group, int item, int tokens, GroupGradient gradient) {
    int length = gradient.coefficients().get(item).length;
    if (length != 1 && length != tokens) {
      throw new IllegalArgumentException(
          "group %d: item %d must have 1 or %d coefficients, but has %d"
              .formatted(group, item, tokens, length));
    }
  }

  private static void requireFinite(
      int group, int item, int token, GroupGradient gradient, double scaled) {
    if (!Float.isFinite((float) scaled)) {
      throw new ArithmeticException(
          "group %d: coefficients must be finite, but that of token %d of item %d was %s"
              .formatted(group, token, item, gradient.coefficient(item, token)));
    }
  }
}
