package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a step or a draw is divided into lanes, it is the same to rounding. */
class LanesTest {

  private static final ModelConfig CONFIG = ModelConfig.llama(48, 16, 24, 2, 4, 2);
  private static final StepOptions STEP = StepOptions.of(1e-2, 5);
  private static final CausalLmOptions TWO = CausalLmOptions.DEFAULT.withThreads(2);
  private static final LoraOptions LORA = LoraOptions.rank(3).allLinear();

  static List<CausalLmOptions> options() {
    return List.of(
        GoldenModel.OPTIONS,
        GoldenModel.OPTIONS.withRecompute(true),
        GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16),
        GoldenModel.OPTIONS.withLora(LORA.dropout(0.5)),
        GoldenModel.OPTIONS.withLora(LORA.dropout(0.5)).withPrecision(Precision.BFLOAT16));
  }

  /** Other tests count on the number of threads that they set. */
  @AfterEach
  void oneThread() throws IOException {
    model(GoldenModel.OPTIONS).close();
  }

  private static CausalLm model(CausalLmOptions options) throws IOException {
    CausalLm policy = CausalLm.create(CONFIG, null, 3, options);
    if (options.lora() != null) {
      Decoder decoder = policy.decoder();
      SplittableRandom random = new SplittableRandom(8);
      for (Decoder.Parameter parameter : decoder.parameters()) { // B begins as zeros
        int size = (int) parameter.slot().elements();
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = (float) random.nextGaussian(0, 0.1);
        }
        decoder.write(parameter.array(), 0, values, size);
      }
    }
    return policy;
  }

  private static List<TrainingGroup> batch() {
    return batch(4);
  }

  /**
   * Pairs of responses of different lengths.
   *
   * @param ofFollower the group whose first item is the follower's
   */
  private static List<TrainingGroup> batch(int ofFollower) {
    SplittableRandom random = new SplittableRandom(6);
    List<TrainingGroup> groups = new ArrayList<>();
    for (int g = 0; g < 5; g++) {
      int[] prompt = random.ints(3 + g, 0, 48).toArray();
      List<TrainingItem> items = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int[] response = random.ints(4 + 3L * i + g, 0, 48).toArray();
        int[] ids = IntStream.concat(IntStream.of(prompt), IntStream.of(response)).toArray();
        PolicyRole role = g == ofFollower && i == 0 ? PolicyRole.FOLLOWER : PolicyRole.LEADER;
        items.add(new TrainingItem(GoldenModel.exchange(ids, prompt.length), role));
      }
      groups.add(TrainingGroup.of(items.toArray(TrainingItem[]::new)));
    }
    return groups;
  }

  /** −log σ of half the difference of the scores. */
  private static GroupGradient pairs(int group, List<LogProbs> scores) {
    double gap = 0.5 * (scores.get(0).sum() - scores.get(1).sum());
    double slope = -0.5 / (1 + Math.exp(gap));
    return GroupGradient.ofSequences(Math.log1p(Math.exp(-gap)), slope, -slope);
  }

  private static final Objective.Separable PAIRS = LanesTest::pairs;

  private static List<float[]> gradients(CausalLm policy, StepOptions options, LanePlan lanes) {
    Packing packing = Packing.of(CONFIG, 8192);
    TrainingStep step = policy.training(batch(), options, packing, lanes);
    step.accumulate(PAIRS);
    try (NDManager scratch = policy.decoder().scratch()) {
      return policy.decoder().call("gradient_list", false, scratch.create(0f)).stream()
          .map(NDArray::toFloatArray)
          .toList();
    } finally {
      step.dropGradients();
    }
  }

  private static void assertClose(List<float[]> expected, List<float[]> actual, double tolerance) {
    assertEquals(expected.size(), actual.size());
    double largest = 0;
    for (float[] tensor : expected) {
      for (float element : tensor) {
        largest = Math.max(largest, Math.abs(element));
      }
    }
    assertTrue(largest > 1e-5, "no gradients");
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(
          expected.get(i), actual.get(i), (float) (tolerance * largest), "tensor " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void gradientsAreThoseOfOneLane(CausalLmOptions options) throws IOException {
    double tolerance = options.precision() == Precision.FLOAT32 ? 2e-6 : 2e-2;
    try (CausalLm policy = model(options)) {
      List<float[]> one = gradients(policy, STEP, LanePlan.ONE);
      for (LanePlan lanes :
          List.of(new LanePlan(2, 2, 0), new LanePlan(8, 3, 0), new LanePlan(5, 5, 0))) {
        assertTrue(lanes.divide(batchTokens()).count() > 1, "divided");
        assertClose(one, gradients(policy, STEP, lanes), tolerance);
        assertClose(one, gradients(policy, STEP.withMicroBatchGroups(3), lanes), tolerance);
      }
      assertClose(one, gradients(policy, STEP, LanePlan.ONE), 0);
    }
  }

  private static long[] batchTokens() {
    return batch().stream()
        .mapToLong(
            group ->
                group.items().stream()
                    .mapToLong(item -> item.exchange().response().tokens().size())
                    .sum())
        .toArray();
  }

  /** The follower's rows are all in one lane, which need not be the first. */
  @Test
  void everyRoleHasTheGradientsOfItsLanes() throws IOException {
    CausalLmOptions roles = GoldenModel.OPTIONS.withLora(LORA.perRole(true));
    try (CausalLm one = model(roles);
        CausalLm other = model(roles)) {
      Packing packing = Packing.of(CONFIG, 8192);
      for (int turn = 0; turn < 10; turn++) {
        List<TrainingGroup> batch = batch(turn % 5);
        one.training(batch, STEP, packing, LanePlan.ONE).run(PAIRS);
        other.training(batch, STEP, packing, new LanePlan(5, 5, 0)).run(PAIRS);
      }
      for (PolicyRole role : PolicyRole.values()) {
        double expected = one.logProbs(List.of(exchange()), 1, role).get(0).sum();
        double actual = other.logProbs(List.of(exchange()), 1, role).get(0).sum();
        assertEquals(expected, actual, 2e-3, role::name);
      }
    }
  }

  private static Exchange exchange() {
    return batch().get(4).items().get(0).exchange();
  }

  /** On two lanes, though the batch is too small to gain by it. */
  private static StepResult step(CausalLm policy, Objective objective, StepOptions options) {
    Packing packing = Packing.of(CONFIG, 8192);
    TrainingStep step = policy.training(batch(), options, packing, new LanePlan(2, 2, 0));
    assertEquals(2, step.largest().lanes());
    return step.run(objective);
  }

  /** What is long enough goes on lanes without being asked to. */
  @Test
  void longGroupsGoSideBySide() throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    List<TrainingGroup> batch = new ArrayList<>();
    for (int g = 0; g < 2; g++) {
      int[] ids = random.ints(500, 0, 48).toArray();
      batch.add(TrainingGroup.of(TrainingItem.of(GoldenModel.exchange(ids, 1))));
    }
    try (CausalLm one = model(GoldenModel.OPTIONS);
        CausalLm two = model(TWO)) {
      Decoder decoder = two.decoder();
      assertThrows(IndexOutOfBoundsException.class, () -> decoder.lanes().get(1));
      StepResult result = two.step(batch, Objective.supervised(), STEP);
      decoder.lanes().get(1);
      Packing packing = Packing.of(CONFIG, 8192);
      StepResult expected =
          one.training(batch, STEP, packing, LanePlan.ONE).run(Objective.supervised());
      assertEquals(expected.loss(), result.loss(), 1e-5);
      assertEquals(expected.gradientNorm(), result.gradientNorm(), 1e-5);
    }
  }

  /** Steps on lanes, with one that fails between them, end in the same bytes each time. */
  @Test
  void equalStepsGiveEqualBytes() throws IOException {
    Objective failing =
        (Objective.Separable)
            (group, scores) -> {
              if (group == 4) {
                throw new IllegalStateException("no answer");
              }
              return pairs(group, scores);
            };
    CausalLmOptions options = TWO.withLora(LORA.dropout(0.3));
    StepOptions halves = STEP.withMicroBatchGroups(2);
    try (CausalLm one = model(options);
        CausalLm other = model(options)) {
      for (int step = 0; step < 4; step++) {
        assertEquals(step(one, PAIRS, halves), step(other, PAIRS, halves));
        assertThrows(IllegalStateException.class, () -> step(other, failing, halves));
      }
      assertEquals(one.digest(), other.digest());
    }
  }

  /** A reference that draws, which lets go of memory, beside the steps of its policy. */
  @Test
  void aReferenceMayDrawBesideSteps() throws Exception {
    Sampling sampling = Sampling.of(3, 5).withIgnoreEndOfSequence(true);
    try (CausalLm alone = model(TWO);
        CausalLm policy = model(TWO);
        FrozenPolicy reference = policy.reference()) {
      IntStream.range(0, 60).forEach(i -> step(alone, PAIRS, STEP));
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Void> drawing =
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  reference.sample(prompts().subList(0, 1), sampling);
                }
              });
      try {
        IntStream.range(0, 60).forEach(i -> step(policy, PAIRS, STEP));
      } finally {
        done.set(true);
        drawing.join();
      }
      assertEquals(alone.digest(), policy.digest());
    }
  }

  /** Nothing to score, then something: what was made for the first is written to by the second. */
  @Test
  void aStepWithoutScoresLeavesTheNextOneAsItIs() throws IOException {
    List<TrainingGroup> nothing =
        List.of(TrainingGroup.of(TrainingItem.of(GoldenModel.exchange(new int[] {1, 2}, 2))));
    Objective none = (Objective.Separable) (g, scores) -> GroupGradient.ofSequences(0, 0);
    try (CausalLm policy = model(GoldenModel.OPTIONS)) {
      assertEquals(0, policy.step(nothing, none, STEP).gradientNorm());
      assertTrue(policy.step(batch(), PAIRS, STEP).gradientNorm() > 0);
    }
  }

  /** Lanes that have no room are left out, and what they held goes. */
  @Test
  void aStepWithoutRoomForLanesHasOne() throws IOException {
    try (CausalLm model = model(TWO)) {
      Packing packing = Packing.of(CONFIG, 8192);
      LanePlan two = new LanePlan(2, 2, 0);
      assertEquals(2, model.training(batch(), STEP, packing, two).largest().lanes());
    }
    MemoryEstimate estimate = MemoryEstimate.of(CONFIG, TWO.withBatchTokens(64));
    StepSize size;
    try (CausalLm model = model(TWO.withBatchTokens(64))) {
      size = model.training(batch(), STEP).largest();
    }
    long sessions = estimate.session() + estimate.sessionMasks();
    long limit = Math.max(estimate.inference(), estimate.training(size)) + sessions;
    CausalLmOptions tight = TWO.withBatchTokens(64).withMemoryLimit(limit);
    assertTrue(estimate.training(size.in(2)) + sessions > limit, "a second lane fits");
    try (CausalLm model = model(tight)) {
      Packing packing = Packing.of(CONFIG, 64);
      LanePlan two = new LanePlan(2, 2, 0);
      assertEquals(1, model.training(batch(), STEP, packing, two).largest().lanes());
    }
  }

  /** Lanes that find no place give back those that they have, and the step goes in one. */
  @Test
  void withoutPlacesThereIsOneLane() throws IOException {
    try (CausalLm policy = model(GoldenModel.OPTIONS)) {
      Packing packing = Packing.of(CONFIG, 8192);
      LanePlan five = new LanePlan(5, 5, 0);
      List<CausalLm> others = new ArrayList<>();
      try {
        int modules = KernelModule.openModules();
        while (KernelModule.openModules() == modules) {
          others.add(model(GoldenModel.OPTIONS));
        }
        others.remove(others.size() - 1).close();
        others.remove(others.size() - 1).close(); // one place is free
        assertEquals(1, policy.training(batch(), STEP, packing, five).largest().lanes());
        others.add(model(GoldenModel.OPTIONS));
        assertEquals(modules, KernelModule.openModules());
      } finally {
        others.forEach(CausalLm::close);
      }
      assertEquals(5, policy.training(batch(), STEP, packing, five).largest().lanes());
    }
  }

  /** Two models that train on lanes at once end as they do one after the other. */
  @Test
  void lanesOfSeveralModelsRunAtOnce() throws IOException {
    try (CausalLm alone = model(TWO);
        CausalLm one = model(TWO);
        CausalLm other = model(TWO)) {
      List<Runnable> training = new ArrayList<>();
      for (CausalLm policy : List.of(alone, one, other)) {
        training.add(() -> IntStream.range(0, 20).forEach(i -> step(policy, PAIRS, STEP)));
      }
      training.get(0).run();
      List<Thread> threads = training.subList(1, 3).stream().map(Thread::new).toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        assertTrue(joined(thread));
      }
      assertEquals(alone.digest(), one.digest());
      assertEquals(alone.digest(), other.digest());
    }
  }

  private static boolean joined(Thread thread) {
    try {
      thread.join();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static List<TokenPrompt> prompts() {
    SplittableRandom random = new SplittableRandom(4);
    return IntStream.range(0, 24)
        .mapToObj(i -> new TokenPrompt(Tokens.of(random.ints(1 + i % 7, 0, 48).toArray())))
        .toList();
  }

  private static List<List<Draft>> draw(CausalLm policy, Sampling sampling, LanePlan lanes) {
    Generator generator = new Generator(CONFIG, sampling, new BatchLimits(64, 16), tokens -> {});
    Decoder decoder = policy.decoder();
    List<int[]> ids = prompts().stream().map(prompt -> prompt.tokens().toArray()).toList();
    return generator.run(() -> new NextTokens(decoder, sampling), lanes, ids);
  }

  /** Samples of a prompt stay together; places of finished ones go to others of their lane. */
  @Test
  void drawsAreThoseOfOneLane() throws IOException {
    Sampling sampling = Sampling.of(20, 5).withSamplesPerPrompt(2);
    try (CausalLm policy = model(GoldenModel.OPTIONS)) {
      List<List<Draft>> one = draw(policy, sampling, LanePlan.ONE);
      for (LanePlan lanes : List.of(new LanePlan(2, 2, 0), new LanePlan(6, 3, 0))) {
        List<List<Draft>> several = draw(policy, sampling, lanes);
        for (int i = 0; i < one.size(); i++) {
          for (int j = 0; j < 2; j++) {
            Draft expected = one.get(i).get(j);
            Draft actual = several.get(i).get(j);
            assertEquals(expected.tokens(), actual.tokens());
            assertEquals(expected.finish(), actual.finish());
            assertEquals(expected.logProbs().sum(), actual.logProbs().sum(), 1e-4);
          }
        }
      }
    }
  }

  @Test
  void drawsOnLanesAreHeardOfAndMayBeEnded() throws IOException {
    Sampling sampling = Sampling.of(20, 5).withIgnoreEndOfSequence(true);
    try (CausalLm policy = model(TWO)) {
      List<Integer> heard = new ArrayList<>(); // not thread-safe
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      policy.onResponse(
          tokens -> {
            heard.add(tokens);
            threads.add(Thread.currentThread());
          });
      List<List<Sample>> samples = policy.sample(prompts(), sampling);
      assertEquals(samples, policy.sample(prompts(), sampling));
      assertEquals(2 * 24, heard.size());
      assertTrue(threads.size() > 1, "on lanes");
      IllegalStateException enough = new IllegalStateException("enough");
      policy.onResponse(
          tokens -> {
            throw enough;
          });
      assertEquals(
          enough,
          assertThrows(IllegalStateException.class, () -> policy.sample(prompts(), sampling)));
      policy.onResponse(tokens -> {});
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> policy.sample(prompts(), sampling));
      assertTrue(Thread.interrupted(), "the interrupt status stays");
      assertEquals(samples, policy.sample(prompts(), sampling));
    }
  }
}
