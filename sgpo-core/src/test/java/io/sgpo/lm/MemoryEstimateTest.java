package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {

  /** The shape of Qwen2.5-0.5B without its biases, all of whose 493,999,744 weights count once. */
  private static final ModelConfig HALF_BILLION = ModelConfig.llama(151936, 896, 4864, 24, 14, 2);

  private static final ModelConfig TINY = ModelConfig.llama(40, 16, 24, 2, 4, 2);

  @Test
  void thePartsOfFullTraining() {
    long weights = new WeightLayout(HALF_BILLION).parameters();
    MemoryEstimate estimate = MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT);
    assertEquals(4 * weights, estimate.weights());
    assertEquals(0, estimate.trained());
    assertEquals(4 * weights, estimate.gradients());
    assertEquals(8 * weights, estimate.moments());
    assertEquals(4L * 8192 * 2 * 24 * 2 * 64 * 4, estimate.cache());
    assertEquals(4 * weights + estimate.cache(), estimate.inference());
    assertEquals(estimate.cache(), estimate.session());
    assertEquals(16 * weights + 100 * estimate.activationsPerToken(), estimate.training(100));
  }

  @Test
  void bfloat16HalvesWhatComputesAndAddsMasters() {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withPrecision(Precision.BFLOAT16);
    MemoryEstimate wide = MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT);
    MemoryEstimate narrow = MemoryEstimate.of(HALF_BILLION, options);
    long norms = 49 * 896;
    assertEquals(wide.weights() / 2 + 2 * norms, narrow.weights());
    assertEquals(wide.weights(), narrow.trained());
    assertEquals(wide.gradients(), narrow.gradients());
    assertEquals(wide.cache() / 2, narrow.cache());
    assertTrue(narrow.activationsPerToken() < wide.activationsPerToken());
  }

  @Test
  void anAdapterIsWhatIsTrained() {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withLora(LoraOptions.rank(16));
    MemoryEstimate estimate = MemoryEstimate.of(HALF_BILLION, options);
    // q_proj 896 -> 896 and v_proj 896 -> 128 of 24 layers.
    long numbers = 24 * 16 * (896 + 896 + 896 + 128);
    assertEquals(4 * numbers, estimate.trained());
    assertEquals(4 * numbers, estimate.gradients());
    assertEquals(8 * numbers, estimate.moments());
    assertTrue(
        MemoryEstimate.of(HALF_BILLION, options.withRecompute(true)).activationsPerToken()
            < estimate.activationsPerToken() / 8);
  }

  @Test
  void aModelThatDoesNotFitIsRefusedBeforehand() {
    CausalLmOptions options = GoldenModel.OPTIONS.withMemoryLimit(100_000);
    MemoryEstimate estimate = MemoryEstimate.of(TINY, options);
    Refusals.assertNames(
        IllegalStateException.class,
        () -> CausalLm.create(TINY, null, 1, options).close(),
        "memoryLimit",
        "100000 bytes",
        "weights " + estimate.weights() + " bytes",
        "keys and values",
        "batchTokens");
  }

  @Test
  void aStepThatDoesNotFitIsRefusedAndNothingIsApplied() throws IOException {
    CausalLmOptions options = GoldenModel.OPTIONS.withBatchTokens(64);
    MemoryEstimate estimate = MemoryEstimate.of(TINY, options);
    long limit = estimate.training(4) - 1;
    assertTrue(limit >= estimate.inference());
    Exchange exchange = new Exchange(TokenPrompt.of(3), Response.ofTokens(Tokens.of(4, 5, 6)));
    try (CausalLm policy = CausalLm.create(TINY, null, 1, options.withMemoryLimit(limit))) {
      List<LogProbs> before = policy.logProbs(List.of(exchange));
      List<TrainingGroup> one = List.of(TrainingGroup.of(TrainingItem.of(exchange)));
      IllegalStateException refusal =
          assertThrows(
              IllegalStateException.class,
              () -> policy.step(one, Objective.supervised(), StepOptions.of(0.1, 1)));
      String message = String.valueOf(refusal.getMessage());
      for (String part : List.of("weights", "gradients", "moments", "4 tokens", "recompute")) {
        assertTrue(message.contains(part), message);
      }
      assertEquals(before, policy.logProbs(List.of(exchange)));
    }
    try (CausalLm policy = CausalLm.create(TINY, null, 1, options.withMemoryLimit(limit + 1))) {
      List<TrainingGroup> one = List.of(TrainingGroup.of(TrainingItem.of(exchange)));
      assertEquals(3, policy.step(one, Objective.supervised(), StepOptions.of(0.1, 1)).tokens());
      // Micro-batches of one group need no more than one group.
      List<TrainingGroup> two = List.of(one.get(0), one.get(0));
      StepOptions micro = StepOptions.of(0.1, 1).withMicroBatchGroups(1);
      assertEquals(6, policy.step(two, Objective.supervised(), micro).tokens());
    }
  }

  /** Each block once took memory of its own until garbage was collected. */
  @Test
  void blocksOfWeightsGoThroughTheSameMemory() throws IOException {
    ModelConfig config = ModelConfig.llama(16384, 256, 512, 2, 4, 2);
    long before = directBytes();
    try (CausalLm model = CausalLm.create(config, null, 1, GoldenModel.OPTIONS)) {
      assertTrue(Float.BYTES * model.parameters() > 16 << 20);
      assertTrue(directBytes() - before < 4 << 20, () -> "direct: " + (directBytes() - before));
    }
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void theMachinesMemoryIsKnown() {
    assertTrue(SystemMemory.total() >= Runtime.getRuntime().totalMemory());
    assertThrows(IllegalArgumentException.class, () -> CausalLmOptions.DEFAULT.withMemoryLimit(-1));
  }
}
