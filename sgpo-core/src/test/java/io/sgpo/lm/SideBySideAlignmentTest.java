package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Aligners in one JVM at once, and policies that answer meanwhile, as docs/service.md has it. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SideBySideAlignmentTest {

  private static final CausalLmOptions ONE_THREAD = CausalLmOptions.DEFAULT.withThreads(1);

  private static final List<Prompt> PROMPTS =
      IntStream.range(0, 6).<Prompt>mapToObj(i -> TokenPrompt.of(1, 2 + i)).toList();

  private static final List<PreferencePair> SEEDS =
      PROMPTS.stream()
          .map(prompt -> new PreferencePair(prompt, response(8, 9), response(10)))
          .toList();

  @TempDir private Path folder;

  private static Response response(int... ids) {
    return Response.ofTokens(Tokens.of(ids));
  }

  private static CausalLm model(long seed, CausalLmOptions options) {
    try {
      return CausalLm.create(ModelConfig.llama(16, 16, 32, 2, 4, 2), null, seed, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Aligner.Builder ssapo(CausalLm policy) {
    return Aligner.builder()
        .policy(policy)
        .seedPreferences(SEEDS)
        .prompts(PROMPTS)
        .maxNewTokens(6)
        .batchSize(3)
        .warmStartEpochs(2)
        .rounds(2)
        .epochsPerRound(3)
        .learningRate(0.01);
  }

  private static Aligner.Builder rloo(CausalLm policy) {
    return Aligner.builder()
        .engine("rloo")
        .policy(policy)
        .prompts(PROMPTS)
        .preferenceModel(
            PreferenceModel.of(
                c -> c.first().tokens().size() <= c.second().tokens().size() ? 0.75 : 0.25))
        .maxNewTokens(6)
        .batchSize(3)
        .steps(20)
        .learningRate(0.01);
  }

  /** What is left of a run: hashes of weights and moments, and the lines of its run directory. */
  private record Left(List<Integer> state, List<String> lines) {}

  private Left ssapoOfItsOwn(String name) {
    try (CausalLm policy = model(1, ONE_THREAD)) {
      return left(name, policy, ssapo(policy));
    }
  }

  private Left rlooOfItsOwn(String name) {
    try (CausalLm policy = model(2, ONE_THREAD.withLora(LoraOptions.rank(2)))) {
      return left(name, policy, rloo(policy));
    }
  }

  private Left left(String name, CausalLm policy, Aligner.Builder builder) {
    Path run = folder.resolve(name);
    builder.runDirectory(run).build().align();
    try {
      policy.captureState(run.resolve("state"));
      List<String> lines = new ArrayList<>();
      for (String file : List.of("steps.jsonl", "metrics.jsonl")) {
        lines.addAll(Files.readAllLines(run.resolve(file)));
      }
      List<Integer> state = new ArrayList<>();
      try (var files = Files.list(run.resolve("state"))) {
        for (Path file : files.sorted().toList()) {
          state.add(Arrays.hashCode(Files.readAllBytes(file)));
        }
      }
      return new Left(state, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void twoAlignersAtOnceEndAsOneAfterTheOther() {
    Left first = ssapoOfItsOwn("first");
    Left second = rlooOfItsOwn("second");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      CountDownLatch both = new CountDownLatch(2);
      CompletableFuture<Left> one = at(both, threads, () -> ssapoOfItsOwn("first-at-once"));
      CompletableFuture<Left> other = at(both, threads, () -> rlooOfItsOwn("second-at-once"));
      assertEquals(first, one.join());
      assertEquals(second, other.join());
    } finally {
      threads.shutdownNow();
    }
    assertNotEquals(first.lines(), second.lines());
  }

  private static <T> CompletableFuture<T> at(
      CountDownLatch start, ExecutorService threads, Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          start.countDown();
          try {
            start.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return work.get();
        },
        threads);
  }

  /** What a policy says to fixed questions. */
  private record Said(List<List<Sample>> drawn, List<LogProbs> scored) {}

  private static Said ask(Policy policy) {
    List<Exchange> exchanges = SEEDS.stream().map(PreferencePair::chosenExchange).toList();
    return new Said(policy.sample(PROMPTS, Sampling.of(6, 13)), policy.logProbs(exchanges));
  }

  private void answersWhileOneTrains(CausalLmOptions options) throws Exception {
    String alone;
    try (CausalLm policy = model(1, options)) {
      ssapo(policy).build().align();
      alone = digest(policy);
    }
    AtomicBoolean trained = new AtomicBoolean();
    AtomicInteger meanwhile = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (CausalLm policy = model(1, options);
        CausalLm other = model(3, ONE_THREAD);
        FrozenPolicy serving = policy.reference()) {
      Said before = ask(serving);
      Said ofOther = ask(other);
      assertEquals(before, ask(policy));
      CountDownLatch asking = new CountDownLatch(3);
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        boolean asksOther = i == 2;
        callers.add(
            threads.submit(
                () -> {
                  do {
                    assertEquals(asksOther ? ofOther : before, ask(asksOther ? other : serving));
                    asking.countDown();
                    meanwhile.incrementAndGet();
                  } while (!trained.get());
                }));
      }
      asking.await();
      int asked = meanwhile.get();
      Alignment result = ssapo(policy).build().align();
      int during = meanwhile.get() - asked;
      trained.set(true);
      for (Future<?> caller : callers) {
        caller.get();
      }
      assertTrue(result.finished());
      assertTrue(during >= 3, "answers while it trained: " + during);
      assertEquals(alone, digest(policy));
      assertEquals(before, ask(serving));
      assertNotEquals(before, ask(policy));
    } finally {
      trained.set(true);
      threads.shutdownNow();
    }
  }

  private static String digest(CausalLm policy) {
    try (FrozenPolicy now = policy.reference()) {
      return now.digest();
    }
  }

  @Test
  void referenceAndAnotherPolicyAnswerAsBeforeWhileAllWeightsAreTrained() throws Exception {
    answersWhileOneTrains(ONE_THREAD);
  }

  /** The reference shares the frozen weights with the policy that is trained. */
  @Test
  void referenceAndAnotherPolicyAnswerAsBeforeWhileAnAdapterIsTrained() throws Exception {
    answersWhileOneTrains(ONE_THREAD.withLora(LoraOptions.rank(2)));
  }
}
