package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.doubles;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Losses, gradients and trajectories of AdamW of every golden model. */
class GoldenGradientsTest {

  // Tolerances proposed by the README of the goldens.
  private static final double LOSS = 1e-4;
  private static final double NORM = 1e-3;
  private static final double ELEMENT = 1e-5;

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void negativeLogLikelihood(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode nll = model.golden().get("nll");
    try (CausalLm policy = model.load()) {
      Nll objective = Nll.of(nll);
      TrainingStep step = policy.training(objective.batch(), StepOptions.of(0, objective.tokens()));
      step.accumulate(objective);
      assertNorms(
          policy.decoder().layout(),
          step.norms(),
          nll.get("grad_norms"),
          nll.get("total_grad_norm").doubleValue());
      assertElements(policy, nll);
      StepResult result =
          policy.step(objective.batch(), objective, StepOptions.of(0, objective.tokens()));
      assertLoss(nll.get("loss").doubleValue(), result.loss(), LOSS, 1e-5);
      assertEquals(
          nll.get("total_grad_norm").doubleValue(),
          result.gradientNorm(),
          NORM * result.gradientNorm());
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void adamwOnTheNegativeLogLikelihood(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode adamw = model.golden().get("nll_training").get("adamw");
    try (CausalLm policy = model.load()) {
      Nll objective = Nll.of(model.golden().get("nll"));
      policy.resetOptimizer(new AdamW(0.9, 0.999, 1e-8, adamw.get("weight_decay").doubleValue()));
      StepOptions options = StepOptions.of(adamw.get("lr").doubleValue(), objective.tokens());
      for (JsonNode loss : adamw.get("losses")) {
        assertLoss(
            loss.doubleValue(),
            policy.step(objective.batch(), objective, options).loss(),
            NORM,
            1e-4);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void directPreferenceOptimization(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode dpo = model.golden().get("dpo");
    try (CausalLm policy = model.load()) {
      Dpo objective = new Dpo(model);
      StepOptions options = StepOptions.of(0, objective.batch.size());
      for (int micro : new int[] {1, 2, Integer.MAX_VALUE}) {
        TrainingStep step = policy.training(objective.batch, options.withMicroBatchGroups(micro));
        step.accumulate(objective);
        JsonNode total = dpo.get("losses").get("sigmoid").get("total_grad_norm");
        assertNorms(
            policy.decoder().layout(),
            step.norms(),
            dpo.get("sigmoid_grad_norms"),
            total.doubleValue());
        StepResult result =
            policy.step(objective.batch, objective, options.withMicroBatchGroups(micro));
        double loss = dpo.get("losses").get("sigmoid").get("loss").doubleValue();
        assertLoss(loss, result.loss(), LOSS, 1e-5);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void adamwOnDirectPreferenceOptimization(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode adamw = model.golden().get("dpo").get("sigmoid_training_adamw");
    try (CausalLm policy = model.load()) {
      Dpo objective = new Dpo(model);
      policy.resetOptimizer(AdamW.DEFAULT.withWeightDecay(adamw.get("weight_decay").doubleValue()));
      StepOptions options = StepOptions.of(adamw.get("lr").doubleValue(), objective.batch.size());
      for (JsonNode loss : adamw.get("losses")) {
        assertLoss(
            loss.doubleValue(),
            policy.step(objective.batch, objective, options).loss(),
            NORM,
            1e-4);
      }
    }
  }

  private static void assertLoss(double expected, double actual, double relative, double absolute) {
    assertEquals(expected, actual, relative * Math.abs(expected) + absolute);
  }

  private static void assertNorms(
      WeightLayout layout, float[] norms, JsonNode expected, double total) {
    int[] places = layout.places();
    assertEquals(expected.size(), places.length);
    for (int i = 0; i < places.length; i++) {
      String tensor = layout.slots().get(places[i]).name();
      double norm = expected.get(tensor).doubleValue();
      assertEquals(norm, norms[i], NORM * Math.max(norm, total / 1000), tensor);
    }
  }

  private static void assertElements(CausalLm policy, JsonNode nll) {
    double tolerance = ELEMENT * nll.get("total_grad_norm").doubleValue();
    Map<String, float[]> gradients = gradients(policy);
    for (Map.Entry<String, JsonNode> tensor : nll.get("first_elements_of_grad").properties()) {
      float[] gradient = gradients.get(tensor.getKey());
      assertTrue(gradient != null, tensor.getKey());
      double[] elements = doubles(tensor.getValue());
      for (int i = 0; i < elements.length; i++) {
        assertEquals(elements[i], gradient[i], tolerance, tensor.getKey());
      }
    }
  }

  private static Map<String, float[]> gradients(CausalLm policy) {
    Map<String, float[]> byName = new HashMap<>();
    try (NDManager scratch = policy.decoder().scratch()) {
      NDList all = policy.decoder().call("gradient_list", false, scratch.create(0f));
      int[] places = policy.decoder().layout().places();
      for (int i = 0; i < places.length; i++) {
        String name = policy.decoder().layout().slots().get(places[i]).name();
        byName.put(name, all.get(i).toFloatArray());
      }
    }
    return byName;
  }

  /** −log σ(β (margin − margin of the reference)). */
  private static final class Dpo implements Objective.Separable {

    private final List<TrainingGroup> batch = new ArrayList<>();
    private final double beta;
    private final double[] referenceMargins;

    Dpo(GoldenModel model) {
      JsonNode dpo = model.golden().get("dpo");
      beta = dpo.get("beta").doubleValue();
      double[] chosen = doubles(dpo.get("ref_chosen_logps"));
      double[] rejected = doubles(dpo.get("ref_rejected_logps"));
      referenceMargins = new double[chosen.length];
      List<TrainingItem> items = model.dpoItems();
      for (int i = 0; i < chosen.length; i++) {
        referenceMargins[i] = chosen[i] - rejected[i];
        batch.add(TrainingGroup.of(items.get(i), items.get(i + chosen.length)));
      }
    }

    @Override
    public GroupGradient evaluate(int group, List<LogProbs> scores) {
      double margin = scores.get(0).sum() - scores.get(1).sum() - referenceMargins[group];
      double slope = -beta / (1 + Math.exp(beta * margin));
      return GroupGradient.ofSequences(Math.log1p(Math.exp(-beta * margin)), slope, -slope);
    }
  }
}
