package io.sgpo.examples.pages;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.List;

/** The gradient Σ c ∇ log π of one batch with respect to the logits. */
final class BigramGradient {

  private final BigramTable table;
  private final double[] logits;
  private final double temperature;
  private final double[] gradient;
  private double loss;
  private long tokens;

  private BigramGradient(BigramTable table, double[] logits, double temperature) {
    this.table = table;
    this.logits = logits;
    this.temperature = temperature;
    this.gradient = new double[logits.length];
  }

  // begin: gradient
  static BigramGradient of(
      BigramTable table,
      double[] logits,
      List<TrainingGroup> batch,
      Objective objective,
      StepOptions options) {
    BigramGradient sum = new BigramGradient(table, logits, options.temperature());
    List<List<LogProbs>> scores = new ArrayList<>();
    for (TrainingGroup group : batch) {
      List<Exchange> exchanges = group.items().stream().map(TrainingItem::exchange).toList();
      scores.add(table.logProbs(logits, exchanges, options.temperature()));
    }
    List<GroupGradient> answers = new ArrayList<>();
    if (objective instanceof Objective.Separable separable) { // a sum over groups
      for (int g = 0; g < batch.size(); g++) {
        answers.add(separable.evaluate(g, scores.get(g)));
      }
    } else if (objective instanceof Objective.Coupled coupled) { // needs all scores at once
      answers.addAll(coupled.evaluate(List.copyOf(scores)));
    }
    for (int g = 0; g < batch.size(); g++) {
      Interruption.check("training");
      sum.add(batch.get(g), g, answers.get(g));
    }
    return sum;
  }

  private void add(TrainingGroup group, int g, GroupGradient answer) {
    if (!Double.isFinite(answer.loss())) {
      throw new ArithmeticException(
          "the loss of group " + g + " must be finite, but was " + answer.loss());
    }
    loss += answer.loss();
    for (int item = 0; item < group.items().size(); item++) {
      Exchange exchange = group.items().get(item).exchange();
      int word = table.state(exchange.prompt(), g);
      int[] response = table.tokens(exchange.response(), g);
      for (int t = 0; t < response.length; t++) {
        add(word, response[t], answer.coefficient(item, t));
        word = response[t];
      }
      tokens += response.length;
    }
  }

  /** ∂ log π(w | v) / ∂θ_vk = (1[k = w] − π(k | v)) / T. */
  private void add(int word, int next, double coefficient) {
    double[] logProbs = table.next(logits, word, temperature);
    for (int k = 0; k < logProbs.length; k++) {
      double indicator = k == next ? 1 : 0;
      gradient[word * table.size() + k] +=
          coefficient * (indicator - Math.exp(logProbs[k])) / temperature;
    }
  }

  // end

  double[] gradient() {
    return gradient;
  }

  double loss() {
    return loss;
  }

  long tokens() {
    return tokens;
  }
}
