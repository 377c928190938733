package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The derivative through the cap of the logits (Gemma 2, arXiv 2408.00118, section 2). */
class CappedLogitsTest {

  private static final int VOCABULARY = 64;
  private static final double STEP = 0.01;

  /**
   * The least probable token at low temperatures, where its probability is 0 in floating point: the
   * gradient of the final norm beside central differences of the loss.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.2, 0.05})
  void theGradientIsThatOfTheLossForAnImprobableToken(double temperature) throws IOException {
    ModelConfig config =
        Shapes.of(Architecture.GEMMA2, VOCABULARY, 32, 64, 1, 4, 64, Rope.of(10_000), 1.0);
    try (CausalLm policy = CausalLm.create(config, null, 5, GoldenModel.OPTIONS)) {
      int[] ids = {3, 1, leastProbable(policy)};
      List<TrainingGroup> batch =
          List.of(TrainingGroup.of(TrainingItem.of(GoldenModel.exchange(ids, 2))));
      StepOptions options = StepOptions.of(0, 1).withTemperature(temperature);
      policy.training(batch, options).accumulate(Objective.supervised());
      float[] found = gradientOfNorm(policy);
      Decoder.Parameter norm = policy.decoder().parameters().get(1);
      assertEquals("model.norm.weight", norm.slot().name());
      float[] weights = norm.array().toFloatArray();
      for (int i = 0; i < 3; i++) {
        float kept = weights[i];
        weights[i] = (float) (kept + STEP);
        double above = loss(policy, norm, weights, batch, options);
        weights[i] = (float) (kept - STEP);
        double below = loss(policy, norm, weights, batch, options);
        weights[i] = kept;
        double expected = (above - below) / (2 * STEP);
        assertEquals(expected, found[i], 2e-3 * Math.abs(expected), "weight " + i);
      }
    }
  }

  private static int leastProbable(CausalLm policy) throws IOException {
    double[] logits = Logits.of(policy, new int[] {3, 1})[1];
    int least = 0;
    for (int i = 0; i < VOCABULARY; i++) {
      least = logits[i] < logits[least] ? i : least;
    }
    return least;
  }

  private static float[] gradientOfNorm(CausalLm policy) {
    try (NDManager scratch = policy.decoder().scratch()) {
      return policy
          .decoder()
          .call("gradient_list", false, scratch.create(0f))
          .get(1)
          .toFloatArray();
    }
  }

  /** A step of rate 0 changes nothing. */
  private static double loss(
      CausalLm policy,
      Decoder.Parameter norm,
      float[] weights,
      List<TrainingGroup> batch,
      StepOptions options) {
    norm.array().set(weights);
    return policy.step(batch, Objective.supervised(), options).loss();
  }
}
