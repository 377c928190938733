package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.doubles;
import static io.sgpo.lm.GoldenModel.exchange;
import static io.sgpo.lm.GoldenModel.ints;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.dialogue.TokenPrompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class Bfloat16Test {
  private static final CausalLmOptions OPTIONS = GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16);

  private static CausalLm load(String name) throws IOException {
    return CausalLm.load(GoldenModel.folder(name), OPTIONS);
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void logProbs(String name) throws IOException {
    GoldenModel model = GoldenModel.of(name);
    double max = 0; double sum = 0; int n = 0;
    try (CausalLm policy = load(name)) {
      for (JsonNode sequence : model.golden().get("sequences")) {
        double[] e = doubles(sequence.get("next_token_logprobs"));
        double[] a = policy.logProbs(List.of(exchange(ints(sequence.get("input_ids")), 1))).get(0).toArray();
        for (int i = 0; i < e.length; i++) { max = Math.max(max, Math.abs(e[i]-a[i])); sum += Math.abs(e[i]-a[i]); n++; }
      }
      JsonNode nll = model.golden().get("nll");
      Nll objective = Nll.of(nll);
      TrainingStep step = policy.training(objective.batch(), StepOptions.of(0, objective.tokens()));
      step.accumulate(objective);
      float[] norms = step.norms();
      double total = nll.get("total_grad_norm").doubleValue();
      double worst = 0;
      for (int i = 0; i < norms.length; i++) {
        double norm = nll.get("grad_norms").get(policy.decoder().parameters().get(i).slot().name()).doubleValue();
        worst = Math.max(worst, Math.abs(norm - norms[i]) / Math.max(norm, total / 100));
      }
      double loss = policy.step(objective.batch(), objective, StepOptions.of(0, objective.tokens())).loss();
      System.out.printf("%s max %.4f mean %.5f grad %.4f loss %.5f%n", name, max, sum / n, worst, loss - nll.get("loss").doubleValue());
      JsonNode adamw = model.golden().get("nll_training").get("adamw");
      for (JsonNode l : adamw.get("losses")) {
        System.out.printf("  %.5f %.5f%n", l.doubleValue(), policy.step(objective.batch(), objective, StepOptions.of(adamw.get("lr").doubleValue(), objective.tokens())).loss());
      }
      System.out.println(policy.sample(List.of(TokenPrompt.of(3, 4)), Sampling.of(5, 3)));
    }
  }
}
