package io.sgpo.tabular;

import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.List;

/** The gradient Σ c ∇ log π of one batch with respect to the logits. */
final class TableGradient {

  /**
   * Where an item's score comes from.
   *
   * @param part the place of the logits
   */
  private record Cell(Table.Row row, int candidate, int part) {}

  private final Table table;
  private final List<double[]> logits;
  private final double temperature;
  private final double[] gradient;
  private final boolean[] has;
  private double loss;
  private long tokens;

  /**
   * @param logits the leader's, and the follower's if it has some of its own
   */
  TableGradient(Table table, List<double[]> logits, double temperature) {
    this.table = table;
    this.logits = logits;
    this.temperature = temperature;
    this.gradient = new double[logits.size() * table.parameters()];
    this.has = new boolean[logits.size()];
  }

  /** Whether the batch has an item of that part. */
  boolean has(int part) {
    return has[part];
  }

  /** The summed loss of the groups. */
  double loss() {
    return loss;
  }

  /** The number of tokens trained on. */
  long tokens() {
    return tokens;
  }

  /** The summed gradient, part after part; not a copy. */
  double[] gradient() {
    return gradient;
  }

  void accumulate(List<TrainingGroup> batch, Objective objective, int microBatchGroups) {
    List<List<Cell>> cells = new ArrayList<>(batch.size());
    for (int g = 0; g < batch.size(); g++) {
      cells.add(cells(batch.get(g), g));
    }
    if (objective instanceof Objective.Separable separable) {
      for (int g = 0; g < batch.size(); g++) {
        if (g % microBatchGroups == 0) {
          Interruption.check("training");
        }
        add(g, cells.get(g), separable.evaluate(g, scores(cells.get(g))));
      }
    } else if (objective instanceof Objective.Coupled coupled) {
      accumulate(cells, coupled);
    }
  }

  private void accumulate(List<List<Cell>> cells, Objective.Coupled coupled) {
    Interruption.check("training");
    List<GroupGradient> answers = coupled.evaluate(cells.stream().map(this::scores).toList());
    if (answers.size() != cells.size()) {
      throw new IllegalArgumentException(
          "the objective must answer every group: there are "
              + cells.size()
              + ", but the answers were "
              + answers.size());
    }
    for (int g = 0; g < cells.size(); g++) {
      add(g, cells.get(g), answers.get(g));
    }
  }

  private List<Cell> cells(TrainingGroup group, int position) {
    List<Cell> cells = new ArrayList<>(group.items().size());
    for (TrainingItem item : group.items()) {
      Table.Row row = table.row(item.exchange().prompt(), position);
      int part = TableWeights.place(logits, item.role());
      has[part] = true;
      cells.add(new Cell(row, table.candidate(row, item.exchange(), position), part));
    }
    return cells;
  }

  private List<LogProbs> scores(List<Cell> cells) {
    return cells.stream().map(cell -> LogProbs.of(logProbs(cell)[cell.candidate()])).toList();
  }

  private double[] logProbs(Cell cell) {
    return Softmax.logProbs(
        logits.get(cell.part()), cell.row().offset(), cell.row().size(), temperature);
  }

  private void add(int group, List<Cell> cells, GroupGradient answer) {
    if (answer.coefficients().size() != cells.size()) {
      throw new IllegalArgumentException(
          "group %d has %d items, but the objective gave coefficients for %d"
              .formatted(group, cells.size(), answer.coefficients().size()));
    }
    if (!Double.isFinite(answer.loss())) {
      throw new ArithmeticException(
          "the loss of group " + group + " must be finite, but was " + answer.loss());
    }
    loss += answer.loss();
    for (int i = 0; i < cells.size(); i++) {
      add(cells.get(i), coefficient(group, i, answer));
    }
    tokens += cells.size();
  }

  private static double coefficient(int group, int item, GroupGradient answer) {
    int given = answer.coefficients().get(item).length;
    if (given != 1) {
      throw new IllegalArgumentException(
          "item %d of group %d has 1 token, but the objective gave %d coefficients"
              .formatted(item, group, given));
    }
    double coefficient = answer.coefficient(item, 0);
    if (!Double.isFinite(coefficient)) {
      throw new ArithmeticException(
          "the coefficient of item %d of group %d must be finite, but was %s"
              .formatted(item, group, coefficient));
    }
    return coefficient;
  }

  /** ∂ log π(y) / ∂ logit_k = (1[k = y] − π(k)) / T. */
  private void add(Cell cell, double coefficient) {
    double[] logProbs = logProbs(cell);
    for (int k = 0; k < logProbs.length; k++) {
      double indicator = k == cell.candidate() ? 1 : 0;
      gradient[cell.part() * table.parameters() + cell.row().offset() + k] +=
          coefficient * (indicator - Math.exp(logProbs[k])) / temperature;
    }
  }
}
