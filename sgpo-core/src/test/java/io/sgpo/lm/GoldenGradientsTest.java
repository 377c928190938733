package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.doubles;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.solvers.loss.PreferenceLoss;
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
      StepOptions options = StepOptions.of(0, objective.tokens());
      Trajectories.assertAdamW(policy, objective.batch(), objective, options, adamw);
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void gradientDescentOnTheNegativeLogLikelihood(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode sgd = model.golden().get("nll_training").get("sgd");
    try (CausalLm policy = model.load()) {
      Nll objective = Nll.of(model.golden().get("nll"));
      StepOptions options = StepOptions.of(0, objective.tokens());
      Trajectories.assertSgd(policy, objective.batch(), objective, options, sgd);
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void directPreferenceOptimization(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode dpo = model.golden().get("dpo");
    try (CausalLm policy = model.load()) {
      Dpo objective = Dpo.of(model);
      StepOptions options = StepOptions.of(0, objective.batch().size());
      for (int micro : new int[] {1, 2, Integer.MAX_VALUE}) {
        TrainingStep step = policy.training(objective.batch(), options.withMicroBatchGroups(micro));
        step.accumulate(objective);
        JsonNode total = dpo.get("losses").get("sigmoid").get("total_grad_norm");
        assertNorms(
            policy.decoder().layout(),
            step.norms(),
            dpo.get("sigmoid_grad_norms"),
            total.doubleValue());
        StepResult result =
            policy.step(objective.batch(), objective, options.withMicroBatchGroups(micro));
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
      Dpo objective = Dpo.of(model);
      StepOptions options = StepOptions.of(0, objective.batch().size());
      Trajectories.assertAdamW(policy, objective.batch(), objective, options, adamw);
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void gradientDescentOnDirectPreferenceOptimization(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode sgd = model.golden().get("dpo").get("sigmoid_training_sgd");
    try (CausalLm policy = model.load()) {
      Dpo objective = Dpo.of(model);
      StepOptions options = StepOptions.of(0, objective.batch().size());
      Trajectories.assertSgd(policy, objective.batch(), objective, options, sgd);
    }
  }

  /** Those of TRL's losses that the library has, on the sums of log-probabilities. */
  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void otherLossesOfPairs(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode dpo = model.golden().get("dpo");
    double smoothing = dpo.get("label_smoothing_where_used").doubleValue();
    try (CausalLm policy = model.load()) {
      assertPairLoss(policy, Dpo.of(model), dpo, "sigmoid", PreferenceLoss.sigmoid());
      assertPairLoss(policy, Dpo.of(model), dpo, "hinge", PreferenceLoss.hinge());
      assertPairLoss(policy, Dpo.of(model), dpo, "robust", PreferenceLoss.robust(smoothing));
      assertIpo(policy, Dpo.of(model), dpo);
      assertSupervised(policy, Dpo.of(model), dpo);
    }
  }

  private static void assertPairLoss(
      CausalLm policy, Dpo pairs, JsonNode dpo, String type, PreferenceLoss loss) {
    Objective.Separable objective =
        (group, scores) -> {
          double gap = pairs.beta() * pairs.margin(group, scores);
          double slope = pairs.beta() * loss.slope(gap);
          return GroupGradient.ofSequences(loss.value(gap), slope, -slope);
        };
    StepOptions options = StepOptions.of(0, pairs.batch().size());
    assertStep(dpo, type, policy.step(pairs.batch(), objective, options));
  }

  /** TRL's form divides each log-ratio by the response's tokens. */
  private static void assertIpo(CausalLm policy, Dpo pairs, JsonNode dpo) {
    double[] chosen = doubles(dpo.get("ref_chosen_logps"));
    double[] rejected = doubles(dpo.get("ref_rejected_logps"));
    Objective.Separable objective =
        (group, scores) -> {
          int better = scores.get(0).size();
          int worse = scores.get(1).size();
          double ratio = (scores.get(0).sum() - chosen[group]) / better;
          double other = (scores.get(1).sum() - rejected[group]) / worse;
          double error = ratio - other - 1 / (2 * pairs.beta());
          return GroupGradient.ofSequences(error * error, 2 * error / better, -2 * error / worse);
        };
    StepOptions options = StepOptions.of(0, pairs.batch().size());
    assertStep(dpo, "ipo", policy.step(pairs.batch(), objective, options));
  }

  /** The chosen responses' negative log-likelihood per token. */
  private static void assertSupervised(CausalLm policy, Dpo pairs, JsonNode dpo) {
    List<TrainingGroup> chosen =
        pairs.batch().stream().map(pair -> TrainingGroup.of(pair.items().get(0))).toList();
    int tokens =
        chosen.stream()
            .mapToInt(group -> group.items().get(0).exchange().response().tokens().size())
            .sum();
    assertStep(dpo, "sft", policy.step(chosen, Objective.supervised(), StepOptions.of(0, tokens)));
  }

  private static void assertStep(JsonNode dpo, String type, StepResult result) {
    JsonNode expected = dpo.get("losses").get(type);
    double norm = expected.get("total_grad_norm").doubleValue();
    assertLoss(expected.get("loss").doubleValue(), result.loss(), LOSS, 1e-5);
    assertEquals(norm, result.gradientNorm(), NORM * norm, type);
  }

  /** Rewards are β times the log-ratio to the reference. */
  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void metricsOfPairs(String name) {
    GoldenModel model = GoldenModel.of(name);
    JsonNode dpo = model.golden().get("dpo");
    try (CausalLm policy = model.load()) {
      Dpo pairs = Dpo.of(model);
      double[][] references = {
        doubles(dpo.get("ref_chosen_logps")), doubles(dpo.get("ref_rejected_logps"))
      };
      int count = pairs.batch().size();
      double[] rewards = new double[2];
      double[] sums = new double[2];
      double accurate = 0;
      for (int pair = 0; pair < count; pair++) {
        List<LogProbs> scores =
            policy.logProbs(
                pairs.batch().get(pair).items().stream().map(TrainingItem::exchange).toList());
        for (int side = 0; side < 2; side++) {
          sums[side] += scores.get(side).sum() / count;
          rewards[side] += pairs.beta() * (scores.get(side).sum() - references[side][pair]) / count;
        }
        accurate += pairs.margin(pair, scores) > 0 ? 1.0 / count : 0;
      }
      JsonNode metrics = dpo.get("sigmoid_metrics");
      assertEquals(metrics.get("logps/chosen").doubleValue(), sums[0], 5e-4);
      assertEquals(metrics.get("logps/rejected").doubleValue(), sums[1], 5e-4);
      assertEquals(metrics.get("rewards/chosen").doubleValue(), rewards[0], 1e-4);
      assertEquals(metrics.get("rewards/rejected").doubleValue(), rewards[1], 1e-4);
      assertEquals(metrics.get("rewards/margins").doubleValue(), rewards[0] - rewards[1], 1e-4);
      assertEquals(metrics.get("rewards/accuracies").doubleValue(), accurate, 1e-6);
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
}
