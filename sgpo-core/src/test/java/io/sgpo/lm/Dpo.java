package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.util.ArrayList;
import java.util.List;

/** −log σ(β (margin − margin of the reference)). */
record Dpo(double beta, List<TrainingGroup> batch, List<Double> referenceMargins)
    implements Objective.Separable {

  /** The {@code dpo} batch of a golden model. */
  static Dpo of(GoldenModel model) {
    JsonNode dpo = model.golden().get("dpo");
    double[] chosen = doubles(dpo.get("ref_chosen_logps"));
    double[] rejected = doubles(dpo.get("ref_rejected_logps"));
    List<TrainingItem> items = model.dpoItems();
    List<TrainingGroup> batch = new ArrayList<>();
    List<Double> margins = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      batch.add(TrainingGroup.of(items.get(i), items.get(i + chosen.length)));
      margins.add(chosen[i] - rejected[i]);
    }
    return new Dpo(dpo.get("beta").doubleValue(), batch, margins);
  }

  /** log-ratio of the chosen response less that of the rejected one. */
  double margin(int group, List<LogProbs> scores) {
    return scores.get(0).sum() - scores.get(1).sum() - referenceMargins.get(group);
  }

  @Override
  public GroupGradient evaluate(int group, List<LogProbs> scores) {
    double margin = margin(group, scores);
    double slope = -beta / (1 + Math.exp(beta * margin));
    return GroupGradient.ofSequences(Math.log1p(Math.exp(-beta * margin)), slope, -slope);
  }
}
