package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpareGradientsTest {

  private static final ModelConfig CONFIG = ModelConfig.llama(64, 16, 32, 2, 2, 1);
  private static final StepOptions STEP = StepOptions.of(1e-2, 1);

  private static List<TrainingGroup> batch(int... ids) {
    return List.of(TrainingGroup.of(TrainingItem.of(GoldenModel.exchange(ids, 1))));
  }

  private static void step(CausalLm policy, int... ids) {
    policy.step(batch(ids), Objective.supervised(), STEP);
  }

  private static void draw(CausalLm policy) {
    policy.sample(List.of(TokenPrompt.of(1)), Sampling.of(2, 1));
  }

  /** One array for each trained tensor, from step to step, until a response is drawn. */
  @Test
  void areKeptUntilADraw() throws IOException {
    try (CausalLm policy = CausalLm.create(CONFIG, null, 1, GoldenModel.OPTIONS)) {
      step(policy, 1, 2, 3);
      draw(policy);
      int without = policy.nativeArrays();
      step(policy, 1, 2, 3);
      int with = without + policy.decoder().parameters().size();
      assertEquals(with, policy.nativeArrays());
      step(policy, 4, 5, 6, 7);
      assertEquals(with, policy.nativeArrays());
      draw(policy);
      assertEquals(without, policy.nativeArrays());
    }
  }

  @Test
  void areLetGoWhenAReferenceIsMadeOrDraws() throws IOException {
    try (CausalLm policy = CausalLm.create(CONFIG, null, 1, GoldenModel.OPTIONS)) {
      step(policy, 1, 2, 3);
      int tensors = policy.decoder().parameters().size();
      int with = policy.nativeArrays();
      try (FrozenPolicy reference = policy.reference()) {
        assertEquals(with - tensors, policy.nativeArrays());
        step(policy, 1, 2, 3);
        assertEquals(with, policy.nativeArrays());
        reference.sample(List.of(TokenPrompt.of(1)), Sampling.of(2, 1));
        assertEquals(with - tensors, policy.nativeArrays());
      }
    }
  }

  /** What earlier steps left, one of which failed, is in no later gradient. */
  @Test
  void leaveNothingInLaterGradients() throws IOException {
    Objective failing =
        (Objective.Separable)
            (group, scores) -> {
              throw new IllegalStateException("no answer");
            };
    try (CausalLm policy = CausalLm.create(CONFIG, null, 1, GoldenModel.OPTIONS);
        CausalLm other = CausalLm.create(CONFIG, null, 1, GoldenModel.OPTIONS)) {
      for (CausalLm each : List.of(policy, other)) {
        step(each, 1, 2, 3);
        if (each == other) {
          draw(each);
        } else {
          assertThrows(IllegalStateException.class, () -> each.step(batch(9, 8), failing, STEP));
          step(each, 4, 5);
        }
      }
      step(other, 4, 5);
      step(policy, 6, 7, 8);
      draw(other);
      step(other, 6, 7, 8);
      for (int i = 0; i < policy.decoder().parameters().size(); i++) {
        Decoder.Parameter parameter = policy.decoder().parameters().get(i);
        assertArrayEquals(
            other.decoder().parameters().get(i).array().toFloatArray(),
            parameter.array().toFloatArray(),
            parameter.slot().name());
      }
    }
  }
}
