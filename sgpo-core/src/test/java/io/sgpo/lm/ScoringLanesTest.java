package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However scoring is divided into lanes, its scores are the same to rounding. */
class ScoringLanesTest {

  private static final ModelConfig CONFIG = ModelConfig.llama(48, 16, 24, 2, 4, 2);
  private static final CausalLmOptions TWO = CausalLmOptions.DEFAULT.withThreads(2);
  private static final LoraOptions LORA = LoraOptions.rank(3).allLinear();
  private static final LanePlan TWO_LANES = new LanePlan(2, 2, 0);
  private static final Packing PACKING = Packing.of(CONFIG, 8192);

  /** Other tests count on the number of threads that they set. */
  @AfterEach
  void oneThread() throws IOException {
    model(GoldenModel.OPTIONS).close();
  }

  private static CausalLm model(CausalLmOptions options) throws IOException {
    return CausalLm.create(CONFIG, null, 3, options);
  }

  /**
   * Pairs of responses of different lengths, most to a prompt of their own.
   *
   * @param least tokens of prompts and responses
   */
  private static List<Exchange> exchanges(int count, int least) {
    SplittableRandom random = new SplittableRandom(6);
    List<Exchange> exchanges = new ArrayList<>();
    int[] prompt = {};
    for (int i = 0; i < count; i++) {
      prompt = i % 3 == 1 ? prompt : random.ints(least + i % 7, 0, 48).toArray();
      int[] response = random.ints(least + i % 5, 0, 48).toArray();
      int[] ids = IntStream.concat(IntStream.of(prompt), IntStream.of(response)).toArray();
      exchanges.add(GoldenModel.exchange(ids, prompt.length));
    }
    return exchanges;
  }

  private static List<Row> rows(List<Exchange> exchanges) {
    Encoder encoder = new Encoder(null, CONFIG);
    return exchanges.stream().map(exchange -> encoder.row(exchange, "")).toList();
  }

  private static List<TrainingGroup> supervised(List<Exchange> exchanges) {
    return exchanges.stream().map(one -> TrainingGroup.of(TrainingItem.of(one))).toList();
  }

  static Stream<CausalLmOptions> options() {
    return Stream.of(
        TWO,
        TWO.withPrecision(Precision.BFLOAT16),
        TWO.withLora(LORA),
        TWO.withLora(LORA).withPrecision(Precision.BFLOAT16));
  }

  private static void assertClose(List<LogProbs> expected, List<LogProbs> actual, double delta) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i).toArray(), actual.get(i).toArray(), delta, "row " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void scoresAreThoseOfOneLane(CausalLmOptions options) throws IOException {
    double delta = options.precision() == Precision.FLOAT32 ? 2e-5 : 2e-3;
    List<Row> rows = new ArrayList<>(rows(exchanges(20, 3)));
    rows.add(2, new Row(new int[] {1, 2}, 2, false)); // nothing to score
    try (CausalLm policy = model(options)) {
      policy.step(supervised(exchanges(2, 3)), Objective.supervised(), StepOptions.of(1e-2, 2));
      Decoder decoder = policy.decoder();
      List<LogProbs> one = Scorer.score(decoder, rows, 0.7, PACKING, LanePlan.ONE);
      for (Packing packing : List.of(PACKING, Packing.of(CONFIG, 40))) {
        for (LanePlan lanes : List.of(TWO_LANES, new LanePlan(6, 3, 0))) {
          assertEquals(lanes.most(), ScoringPasses.of(rows, packing, lanes).lanes());
          List<LogProbs> several = Scorer.score(decoder, rows, 0.7, packing, lanes);
          assertClose(one, several, delta);
          assertEquals(several, Scorer.score(decoder, rows, 0.7, packing, lanes));
        }
      }
    }
  }

  /** What is long enough goes on lanes without being asked to; references and mixtures too. */
  @Test
  void longRowsGoSideBySide() throws IOException {
    List<Exchange> exchanges = exchanges(14, 150);
    List<Row> rows = rows(exchanges);
    try (CausalLm policy = model(TWO);
        FrozenPolicy reference = policy.reference()) {
      Decoder decoder = policy.decoder();
      LanePlan plan = ScoringPasses.plan(List.of(decoder));
      assertEquals(2, ScoringPasses.of(rows, PACKING, plan).lanes());
      assertEquals(1, ScoringPasses.of(rows.subList(0, 1), PACKING, plan).lanes());
      assertEquals(1, ScoringPasses.of(rows(exchanges(6, 3)), PACKING, plan).lanes());
      assertEquals(List.of(), ScoringPasses.of(List.of(), PACKING, plan).passes());
      List<LogProbs> one = Scorer.score(decoder, rows, 1, PACKING, LanePlan.ONE);
      assertClose(one, policy.logProbs(exchanges), 2e-5);
      assertEquals(policy.logProbs(exchanges), policy.logProbs(exchanges));
      assertEquals(policy.logProbs(exchanges), reference.logProbs(exchanges));
      assertClose(one, policy.mixtureLogProbs(exchanges, reference, 0.3), 2e-5);
    }
  }

  @Test
  void mixturesAreThoseOfOneLane() throws IOException {
    List<Row> rows = rows(exchanges(12, 3));
    try (CausalLm policy = model(TWO);
        CausalLm other = CausalLm.create(CONFIG, null, 4, TWO)) {
      List<LogProbs> one = mixture(policy, other, rows, LanePlan.ONE);
      assertClose(one, mixture(policy, other, rows, TWO_LANES), 2e-5);
      assertClose(one, mixture(policy, other, rows, new LanePlan(3, 3, 0)), 2e-5);
    }
  }

  private static List<LogProbs> mixture(
      CausalLm policy, CausalLm other, List<Row> rows, LanePlan lanes) {
    return MixtureScorer.score(policy.decoder(), other.decoder(), PACKING, rows, -0.5, lanes);
  }

  @Test
  void rewardsAreThoseOfOneLane() throws IOException {
    List<Exchange> exchanges = exchanges(14, 150);
    try (RewardModel model = RewardModel.create(CONFIG, null, 5, TWO)) {
      Encoder encoder = new Encoder(null, CONFIG);
      List<Row> rows = exchanges.stream().map(one -> encoder.whole(one, "")).toList();
      LanePlan plan = ScoringPasses.plan(List.of(model.decoder()));
      assertEquals(2, ScoringPasses.of(rows, PACKING, plan).lanes());
      double[] one =
          Scorer.score(model.decoder(), rows, 1, PACKING, LanePlan.ONE).stream()
              .mapToDouble(LogProbs::sum)
              .toArray();
      assertArrayEquals(one, model.scores(exchanges), 1e-5);
      assertTrue(Arrays.stream(one).distinct().count() > 1);
    }
  }

  /** A coupled objective scores the whole batch within the step. */
  @Test
  void aStepScoresOnItsLanes() throws IOException {
    List<TrainingGroup> batch = supervised(exchanges(14, 150));
    List<List<LogProbs>> seen = new ArrayList<>();
    Objective.Coupled coupled =
        groups -> {
          groups.forEach(seen::add);
          return groups.stream().map(any -> GroupGradient.ofSequences(1, -1)).toList();
        };
    Objective.Separable separable = (group, scores) -> GroupGradient.ofSequences(1, -1);
    StepOptions step = StepOptions.of(1e-2, 14);
    for (CausalLmOptions options : List.of(TWO, TWO.withLora(LORA.dropout(0.5)))) {
      try (CausalLm one = model(options);
          CausalLm other = model(options)) {
        List<LogProbs> before = one.logProbs(exchanges(14, 150));
        LanePlan plan = LanePlan.training(2, MemoryEstimate.of(CONFIG, options).gradients());
        assertEquals(2, one.training(batch, step, PACKING, plan).largest().lanes());
        one.step(batch, separable, step);
        other.step(batch, coupled, step);
        assertEquals(one.digest(), other.digest(), "scoring leaves gradients as they are");
        if (options.lora() == null) {
          assertClose(before, seen.stream().flatMap(List::stream).toList(), 2e-5);
        }
      }
      assertEquals(14, seen.size());
      seen.clear();
    }
  }

  @Test
  void whatFailsEndsAllLanes() {
    ScoringPasses passes = ScoringPasses.of(rows(exchanges(20, 3)), PACKING, TWO_LANES);
    IllegalStateException failure = new IllegalStateException("no scores");
    CountDownLatch other = new CountDownLatch(1);
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                passes.run(
                    pass -> {
                      if (pass == passes.passes().get(0)) {
                        throw failure;
                      }
                      try {
                        assertTrue(other.await(20, TimeUnit.SECONDS)); // the failure interrupts it
                      } catch (InterruptedException e) {
                        throw new CancellationException("ended");
                      }
                    }));
    assertSame(failure, thrown);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptReachesTheLanesThatRun() throws InterruptedException {
    ScoringPasses passes = ScoringPasses.of(rows(exchanges(20, 3)), PACKING, TWO_LANES);
    CountDownLatch running = new CountDownLatch(2);
    CountDownLatch never = new CountDownLatch(1);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () ->
                thrown.complete(
                    assertThrows(
                        CancellationException.class,
                        () ->
                            passes.run(
                                pass -> {
                                  running.countDown();
                                  try {
                                    assertTrue(never.await(20, TimeUnit.SECONDS));
                                  } catch (InterruptedException e) {
                                    throw new CancellationException("ended");
                                  }
                                }))));
    caller.start();
    running.await();
    caller.interrupt();
    assertEquals("ended", thrown.join().getMessage());
  }

  @Test
  void anInterruptEndsScoringAndTheNextCallIsAsEver() throws IOException {
    List<Exchange> exchanges = exchanges(14, 150);
    try (CausalLm policy = model(TWO)) {
      List<LogProbs> scores = policy.logProbs(exchanges);
      int arrays = policy.nativeArrays();
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> policy.logProbs(exchanges));
      assertTrue(Thread.interrupted(), "the interrupt status stays");
      assertEquals(scores, policy.logProbs(exchanges));
      assertEquals(arrays, policy.nativeArrays());
    }
  }

  /** Scores of three threads beside steps and draws of others are those of a thread alone. */
  @Test
  void severalThreadsScoreBesideStepsAndDraws() throws Exception {
    List<Exchange> exchanges = exchanges(14, 150);
    Sampling sampling = Sampling.of(6, 5).withIgnoreEndOfSequence(true).withSamplesPerPrompt(8);
    List<TokenPrompt> prompts = List.of(TokenPrompt.of(1), TokenPrompt.of(2));
    List<TrainingGroup> batch = supervised(exchanges);
    StepOptions step = StepOptions.of(1e-2, 14);
    try (CausalLm alone = model(TWO);
        CausalLm trained = model(TWO);
        FrozenPolicy reference = trained.reference();
        CausalLm other = model(TWO)) {
      List<LogProbs> scores = alone.logProbs(exchanges);
      List<List<Sample>> samples = reference.sample(prompts, sampling);
      IntStream.range(0, 6).forEach(i -> alone.step(batch, Objective.supervised(), step));
      Set<List<LogProbs>> seen = ConcurrentHashMap.newKeySet();
      Set<List<List<Sample>>> drawn = ConcurrentHashMap.newKeySet();
      List<CompletableFuture<Void>> beside = new ArrayList<>();
      beside.add(repeat(() -> seen.add(reference.logProbs(exchanges))));
      beside.add(repeat(() -> seen.add(reference.logProbs(exchanges))));
      beside.add(repeat(() -> seen.add(other.logProbs(exchanges))));
      beside.add(repeat(() -> drawn.add(reference.sample(prompts, sampling))));
      IntStream.range(0, 6).forEach(i -> trained.step(batch, Objective.supervised(), step));
      beside.forEach(CompletableFuture::join);
      assertEquals(Set.of(scores), seen);
      assertEquals(Set.of(samples), drawn);
      assertEquals(alone.digest(), trained.digest());
    }
  }

  private static CompletableFuture<Void> repeat(Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                IntStream.range(0, 10).forEach(i -> work.run());
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    thread.start();
    return done;
  }
}
