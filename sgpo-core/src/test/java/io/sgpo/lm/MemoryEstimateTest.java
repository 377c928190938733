package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.Holdings.Part;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {

  /** The shape of Qwen2.5-0.5B without its biases, all of whose 493,999,744 weights count once. */
  private static final ModelConfig HALF_BILLION = ModelConfig.llama(151936, 896, 4864, 24, 14, 2);

  private static final ModelConfig TINY = ModelConfig.llama(40, 16, 24, 2, 4, 2);

  @Test
  void thePartsOfFullTraining() {
    long weights = new WeightLayout(HALF_BILLION).parameters();
    MemoryEstimate estimate = MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT);
    assertEquals(4 * weights, estimate.weights());
    assertEquals(0, estimate.adapter());
    assertEquals(0, estimate.masters());
    assertEquals(4 * weights, estimate.gradients());
    assertEquals(8 * weights, estimate.moments());
    assertEquals(4L * 8192 * 2 * 24 * 2 * 64 * 4, estimate.cache());
    assertEquals(estimate.cache(), estimate.session());
    // The cache twice while it grows, prompts of 8192 tokens beside it, and what goes through.
    long once = estimate.cache() * 9 / 4 + estimate.passing() + estimate.masks();
    assertEquals(4 * weights + once, estimate.inference());
    assertEquals(estimate.inference() + once, estimate.mixture());
    assertEquals(
        16 * weights + 100 * estimate.activationsPerToken() + estimate.beside() + 40 * 4L * 151936,
        estimate.training(new StepSize(100, 40, 0, 0)));
  }

  /** 448 positions of 151,936 logits, of which two chunks are kept and one is worked on. */
  @Test
  void theHeadsChunksAreCounted() {
    MemoryEstimate estimate = MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT);
    assertEquals(3 * 448, estimate.headPositions());
    assertEquals(4L * 151936, estimate.logitsPerPosition());
    assertEquals(3L * 448 * 151936 * 4, estimate.training(4000, 2000) - estimate.training(4000, 0));
    assertEquals(
        448,
        MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT.withRecompute(true))
            .headPositions());
    MemoryEstimate narrow =
        MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT.withPrecision(Precision.BFLOAT16));
    assertEquals(3 * 896, narrow.headPositions());
    assertEquals(2L * 151936, narrow.logitsPerPosition());
    // In bfloat16 32 rows of logits are widened at once, and a layer's product before it is added.
    assertEquals(4L * (32 * 151936 + 2L * 4864 * 896), narrow.beside());
    WeightLayout reward = new WeightLayout(HALF_BILLION, WeightLayout.Head.SCALAR);
    assertEquals(0, MemoryEstimate.of(reward, CausalLmOptions.DEFAULT).logitsPerPosition());
  }

  /** 8192 tokens of which each may see 2048, the context; 4 bytes a pair, 3 more while made. */
  @Test
  void masksAreCounted() {
    MemoryEstimate estimate = MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT);
    assertEquals(4L * 8192 * 2048, estimate.masks());
    assertEquals(0, estimate.sessionMasks());
    assertEquals(
        4 * 1000,
        estimate.training(new StepSize(100, 40, 1000, 0, 0, 0, 1))
            - estimate.training(new StepSize(100, 40, 0, 0)));
    long pairs = 1L << 32;
    assertEquals(
        7 * pairs,
        estimate.training(new StepSize(1, 0, pairs, 0, 0, 0, 1))
            - estimate.training(new StepSize(0, 0, 0, 0)));
    MemoryEstimate longer =
        MemoryEstimate.of(HALF_BILLION.withMaxPositions(20_000), CausalLmOptions.DEFAULT);
    assertEquals(4L * 8192 * 8192, longer.masks());
    assertEquals(4L * 8192 * (20_000 - 8192), longer.sessionMasks());
  }

  /** 2 · 768 numbers a layer; the models differ in one layer, and both are small, or neither is. */
  @Test
  void whatComesThroughGatesIsKeptOfSmallModels() {
    long h = 288;
    long attention = 2 * h + 3 * h + h; // norms; queries, keys and values; what they give
    CausalLmOptions narrow = CausalLmOptions.DEFAULT.withPrecision(Precision.BFLOAT16);
    assertEquals(
        4 * 2 * h + 2 * (attention + 2 * 768 + 2 * 768),
        ofLayers(12, narrow) - ofLayers(11, narrow));
    assertEquals(
        4 * 2 * h + 2 * (attention + 2 * 768), ofLayers(60, narrow) - ofLayers(59, narrow));
  }

  private static long ofLayers(int layers, CausalLmOptions options) {
    return MemoryEstimate.of(ModelConfig.llama(8192, 288, 768, layers, 6, 6), options)
        .activationsPerToken();
  }

  /** A row of 300 tokens has tiles of 128, 128 and 44 queries; 300 keys become 320. */
  @Test
  void theAttentionsProbabilitiesAreCounted() {
    MemoryEstimate estimate = MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT);
    assertEquals(4 * 14, estimate.sharesPerPair());
    assertEquals(24, estimate.keptLayers());
    long pairs = 128 * 128 + 128 * 256 + 44 * 320;
    assertEquals(pairs, Pass.mostTiledPairs(300));
    assertEquals(
        4 * 14 * (24 * pairs + 4 * 320 * 128) + 20 * estimate.repeatedPerToken(),
        estimate.training(300, 0) - estimate.training(new StepSize(300, 0, 0, 0)));
    CausalLmOptions again = CausalLmOptions.DEFAULT.withRecompute(true);
    assertEquals(1, MemoryEstimate.of(HALF_BILLION, again).keptLayers());
  }

  /** 129 keys become 160; where the attention is composed too, elsewhere only by tiles. */
  @ParameterizedTest
  @CsvSource({"LLAMA, 129, 31", "GEMMA2, 129, 31", "LLAMA, 127, 0", "LLAMA, 1025, 0"})
  void keysThatMakeOthersEvenAreCounted(Architecture architecture, int keys, long repeated)
      throws IOException {
    ModelConfig config = Shapes.of(architecture, 64, 64, 64, 2, 4);
    try (CausalLm policy = CausalLm.create(config, null, 1, CausalLmOptions.DEFAULT)) {
      Tokens tokens = Tokens.of(new int[keys]);
      Exchange exchange = new Exchange(TokenPrompt.of(1), Response.ofTokens(tokens));
      List<TrainingGroup> batch = List.of(TrainingGroup.of(TrainingItem.of(exchange)));
      assertEquals(repeated, policy.training(batch, StepOptions.of(1e-3, 1)).largest().repeated());
    }
  }

  @Test
  void bfloat16HalvesWhatComputesAndAddsMasters() {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withPrecision(Precision.BFLOAT16);
    MemoryEstimate wide = MemoryEstimate.of(HALF_BILLION, CausalLmOptions.DEFAULT);
    MemoryEstimate narrow = MemoryEstimate.of(HALF_BILLION, options);
    long norms = 49 * 896;
    assertEquals(wide.weights() / 2 + 2 * norms, narrow.weights());
    assertEquals(wide.weights(), narrow.masters());
    assertEquals(0, narrow.adapter());
    assertEquals(wide.gradients(), narrow.gradients());
    assertEquals(wide.cache() / 2, narrow.cache());
    assertTrue(narrow.activationsPerToken() < wide.activationsPerToken());
  }

  /** A GPU's attention saves keys and values once per query head, and the output, of 14 heads. */
  @Test
  void onACpuBfloat16AttendsByTiles() {
    CausalLmOptions cpu = CausalLmOptions.DEFAULT.withPrecision(Precision.BFLOAT16);
    MemoryEstimate tiles = MemoryEstimate.of(HALF_BILLION, cpu);
    MemoryEstimate fused =
        MemoryEstimate.of(HALF_BILLION, cpu.withDevice(CausalLmOptions.DevicePlace.gpu(0)));
    // A layer's backward pass is widest where it goes back through the gate.
    assertEquals(3L * 2 * 14 * 64 * 24, fused.activationsPerToken() - tiles.activationsPerToken());
    assertEquals(2 * 14, tiles.sharesPerPair());
    assertEquals(0, fused.sharesPerPair());
    // Keys and values of 2 heads, and repeated for 14.
    assertEquals(2L * 2 * 2 * 64 * 24, tiles.repeatedPerToken());
    assertEquals(2L * 2 * (2 + 14) * 64 * 24, fused.repeatedPerToken());
    assertEquals(tiles.cache(), fused.cache());
  }

  @Test
  void anAdapterIsWhatIsTrained() {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withLora(LoraOptions.rank(16));
    MemoryEstimate estimate = MemoryEstimate.of(HALF_BILLION, options);
    // q_proj 896 -> 896 and v_proj 896 -> 128 of 24 layers.
    long numbers = 24 * 16 * (896 + 896 + 896 + 128);
    assertEquals(4 * numbers, estimate.adapter());
    assertEquals(4 * numbers, estimate.gradients());
    assertEquals(8 * numbers, estimate.moments());
    assertTrue(
        MemoryEstimate.of(HALF_BILLION, options.withRecompute(true)).activationsPerToken()
            < estimate.activationsPerToken() / 6);
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

  private static final Exchange EXCHANGE =
      new Exchange(TokenPrompt.of(3), Response.ofTokens(Tokens.of(4, 5, 6)));

  private static final List<TrainingGroup> ONE =
      List.of(TrainingGroup.of(TrainingItem.of(EXCHANGE)));

  /** A group is never split, however few tokens go through at once. */
  @Test
  void aGroupOfMoreTokensThanABatchIsCountedWhole() throws IOException {
    CausalLmOptions options = GoldenModel.OPTIONS.withBatchTokens(4).withMaxBatch(1);
    TrainingItem item = TrainingItem.of(EXCHANGE);
    List<TrainingGroup> large = List.of(TrainingGroup.of(item, item, item, item));
    StepSize size = new StepSize(12, 12, 4 * 3 * 3, 4 * 3 * 3);
    long limit = MemoryEstimate.of(TINY, options).training(size) - 1;
    try (CausalLm policy = CausalLm.create(TINY, null, 1, options.withMemoryLimit(limit))) {
      Refusals.assertNames(
          IllegalStateException.class,
          () -> policy.step(large, Objective.supervised(), StepOptions.of(0.1, 1)),
          "activations of 12 tokens",
          "logits of 12 positions");
      List<TrainingGroup> four = List.of(ONE.get(0), ONE.get(0), ONE.get(0), ONE.get(0));
      assertEquals(12, policy.step(four, Objective.supervised(), StepOptions.of(0.1, 1)).tokens());
    }
  }

  @Test
  void copiesOfReferencesAreCountedUntilTheyAreClosed() throws IOException {
    CausalLmOptions options = GoldenModel.OPTIONS.withBatchTokens(4);
    MemoryEstimate estimate = MemoryEstimate.of(TINY, options);
    long limit =
        Math.max(estimate.inference() + estimate.weights(), estimate.training(3, 3))
            + estimate.moments();
    try (CausalLm policy = CausalLm.create(TINY, null, 1, options.withMemoryLimit(limit))) {
      Holdings held = policy.decoder().holdings();
      policy.reference().close();
      assertEquals(0, held.of(Part.REFERENCES));
      policy.step(ONE, Objective.supervised(), StepOptions.of(0.1, 1));
      assertEquals(estimate.moments(), held.of(Part.MOMENTS));
      try (FrozenPolicy first = policy.reference()) {
        assertEquals(estimate.weights(), held.of(Part.REFERENCES));
        Refusals.assertNames(
            IllegalStateException.class,
            policy::reference,
            "references " + 2 * estimate.weights() + " bytes",
            "LoRA");
        assertEquals(policy.logProbs(List.of(EXCHANGE)), first.logProbs(List.of(EXCHANGE)));
      }
      policy.reference().close();
    }
  }

  @Test
  void packedWeightsGiveWayToAStep() throws IOException {
    // Large enough to be packed: matrices of 65,536 numbers and more.
    ModelConfig config = ModelConfig.llama(300, 256, 512, 1, 4, 4);
    LoraOptions lora = LoraOptions.rank(2);
    CausalLmOptions options =
        GoldenModel.OPTIONS.withBatchTokens(100).withMaxBatch(1).withLora(lora);
    MemoryEstimate estimate = MemoryEstimate.of(config, options);
    Exchange exchange =
        new Exchange(
            TokenPrompt.of(IntStream.range(0, 200).toArray()),
            Response.ofTokens(Tokens.of(IntStream.range(0, 200).toArray())));
    List<TrainingGroup> batch = List.of(TrainingGroup.of(TrainingItem.of(exchange)));
    long limit =
        Math.max(estimate.inference(), estimate.training(399, 200)) + estimate.weights() - 1;
    assertTrue(limit >= estimate.inference() + estimate.weights(), estimate.toString());
    try (CausalLm policy = CausalLm.create(config, null, 1, options.withMemoryLimit(limit))) {
      Holdings held = policy.decoder().holdings();
      policy.sample(List.of(TokenPrompt.of(1), TokenPrompt.of(2)), Sampling.of(3, 1));
      assumeTrue(held.of(Part.PACKED) > 0, "this processor does not pack");
      policy.step(batch, Objective.supervised(), StepOptions.of(0.1, 1));
      assertEquals(0, held.of(Part.PACKED));
    }
  }

  /** A session counts on one packed copy and may grow; a second copy must leave it its room. */
  @Test
  void aReferenceDoesNotPackInTheRoomOfASession() throws IOException {
    ModelConfig config = ModelConfig.llama(300, 256, 512, 1, 4, 4);
    CausalLmOptions options = GoldenModel.OPTIONS.withBatchTokens(100).withMaxBatch(2);
    MemoryEstimate estimate = MemoryEstimate.of(config, options);
    long both = estimate.inference() + 3 * estimate.weights();
    assertEquals(1, packedCopies(config, options.withMemoryLimit(both + estimate.session() / 2)));
    assertEquals(
        2,
        packedCopies(
            config, options.withMemoryLimit(both + estimate.session() + estimate.sessionMasks())));
  }

  private static long packedCopies(ModelConfig config, CausalLmOptions options) throws IOException {
    List<TokenPrompt> prompts = List.of(TokenPrompt.of(1), TokenPrompt.of(2));
    try (CausalLm policy = CausalLm.create(config, null, 1, options);
        FrozenPolicy reference = policy.reference();
        SamplingSession session = policy.session()) {
      Holdings held = policy.decoder().holdings();
      session.sample(prompts, Sampling.of(3, 1));
      assumeTrue(held.of(Part.PACKED) > 0, "this processor does not pack");
      reference.sample(prompts, Sampling.of(3, 1));
      return held.of(Part.PACKED) / MemoryEstimate.of(config, options).weights();
    }
  }

  @Test
  void aMixtureNeedsTwoCaches() throws IOException {
    MemoryEstimate estimate = MemoryEstimate.of(TINY, GoldenModel.OPTIONS);
    CausalLmOptions options = GoldenModel.OPTIONS.withMemoryLimit(estimate.mixture() - 1);
    try (CausalLm policy = CausalLm.create(TINY, null, 1, options);
        FrozenPolicy reference = policy.reference()) {
      Refusals.assertNames(
          IllegalStateException.class,
          () -> policy.sampleMixture(List.of(TokenPrompt.of(1)), Sampling.of(3, 1), reference, 0.5),
          "mixture",
          "keys and values");
    }
  }

  @Test
  void aStepThatDoesNotFitIsRefusedAndNothingIsApplied() throws IOException {
    CausalLmOptions options = GoldenModel.OPTIONS.withBatchTokens(4).withMaxBatch(1);
    MemoryEstimate estimate = MemoryEstimate.of(TINY, options);
    long limit = estimate.training(3, 3) - 1;
    try (CausalLm policy = CausalLm.create(TINY, null, 1, options.withMemoryLimit(limit))) {
      List<LogProbs> before = policy.logProbs(List.of(EXCHANGE));
      IllegalStateException refusal =
          assertThrows(
              IllegalStateException.class,
              () -> policy.step(ONE, Objective.supervised(), StepOptions.of(0.1, 1)));
      String message = String.valueOf(refusal.getMessage());
      for (String part : List.of("weights", "gradients", "moments", "3 tokens", "recompute")) {
        assertTrue(message.contains(part), message);
      }
      assertEquals(before, policy.logProbs(List.of(EXCHANGE)));
    }
    try (CausalLm policy = CausalLm.create(TINY, null, 1, options.withMemoryLimit(limit + 1))) {
      assertEquals(3, policy.step(ONE, Objective.supervised(), StepOptions.of(0.1, 1)).tokens());
      // Micro-batches of one group need no more than one group.
      List<TrainingGroup> two = List.of(ONE.get(0), ONE.get(0));
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

  /** The logits of lanes beside the first take no more than the caches of draws. */
  @Test
  void lanesOfScoringStayWithinTheEstimate() {
    ModelConfig wide = ModelConfig.llama(32_768, 64, 128, 1, 2, 2);
    ModelConfig deep = ModelConfig.llama(32_768, 64, 128, 5, 2, 2);
    assertEquals(1, scoringLanes(wide, CausalLmOptions.DEFAULT));
    assertEquals(3, scoringLanes(deep, CausalLmOptions.DEFAULT));
    assertEquals(LanePlan.MOST, scoringLanes(deep, CausalLmOptions.DEFAULT.withBatchTokens(64)));
  }

  private static int scoringLanes(ModelConfig config, CausalLmOptions options) {
    WeightLayout layout = new WeightLayout(config);
    return MemoryEstimate.of(config, options).scoringLanes(new LayoutMemory(layout, options));
  }

  @Test
  void theMachinesMemoryIsKnown() {
    assertTrue(SystemMemory.total() >= Runtime.getRuntime().totalMemory());
    assertThrows(IllegalArgumentException.class, () -> CausalLmOptions.DEFAULT.withMemoryLimit(-1));
  }
}
