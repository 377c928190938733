package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.exchange;
import static io.sgpo.lm.GoldenModel.ints;
import static io.sgpo.lm.GoldenModel.real;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.util.ArrayList;
import java.util.List;

/**
 * −log p of the labelled tokens, as items whose prompt is the first token and whose coefficients
 * are −1 at labels and 0 elsewhere.
 *
 * @param labels −100 where a token is not labelled
 * @param tokens how many are
 */
record Nll(List<TrainingGroup> batch, List<int[]> labels, int tokens)
    implements Objective.Separable {

  /** The {@code nll} entry of a golden file. */
  static Nll of(JsonNode nll) {
    List<TrainingGroup> batch = new ArrayList<>();
    List<int[]> labels = new ArrayList<>();
    int tokens = 0;
    for (int i = 0; i < nll.get("input_ids").size(); i++) {
      int[] ids = real(nll.get("input_ids").get(i), nll.get("attention_mask").get(i));
      batch.add(TrainingGroup.of(TrainingItem.of(exchange(ids, 1))));
      int[] row = ints(nll.get("labels").get(i));
      labels.add(row);
      for (int t = 1; t < ids.length; t++) {
        tokens += row[t] == -100 ? 0 : 1;
      }
    }
    return new Nll(batch, labels, tokens);
  }

  @Override
  public GroupGradient evaluate(int group, List<LogProbs> scores) {
    double loss = 0;
    double[] coefficients = new double[scores.get(0).size()];
    for (int t = 0; t < coefficients.length; t++) {
      if (labels.get(group)[t + 1] != -100) {
        coefficients[t] = -1;
        loss -= scores.get(0).get(t);
      }
    }
    return new GroupGradient(loss, List.of(coefficients));
  }
}
