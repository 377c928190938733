package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Response.Finish;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a language model. */
class CausalLmTest {

  private static final int CONTEXT = 24;

  private static final ModelConfig CONFIG =
      ModelConfig.llama(40, 16, 24, 2, 4, 2)
          .withMaxPositions(CONTEXT)
          .withEndOfSequence(Set.of(1, 2));

  private static final List<TokenPrompt> PROMPTS =
      List.of(
          TokenPrompt.of(3, 4, 5, 6, 7, 8, 9, 10, 11),
          TokenPrompt.of(12),
          TokenPrompt.of(13, 14, 15),
          TokenPrompt.of(16, 17, 18, 19));

  private static CausalLm model(int batchTokens) {
    try {
      return CausalLm.create(CONFIG, null, 7, GoldenModel.OPTIONS.withBatchTokens(batchTokens));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<TrainingGroup> batch() {
    return PROMPTS.stream()
        .map(
            prompt ->
                TrainingGroup.of(
                    TrainingItem.of(
                        new Exchange(prompt, Response.ofTokens(Tokens.of(20, 21, 22, 1))))))
        .toList();
  }

  @Test
  void drawsDoNotDependOnTheBatchSize() {
    Sampling sampling = Sampling.of(12, 3).withSamplesPerPrompt(5).withTopP(0.9).withTopK(30);
    try (CausalLm wide = model(4096);
        CausalLm narrow = model(9)) {
      List<List<Sample>> one = wide.sample(PROMPTS, sampling);
      List<List<Sample>> other = narrow.sample(PROMPTS, sampling);
      for (int i = 0; i < PROMPTS.size(); i++) {
        for (int s = 0; s < 5; s++) {
          assertEquals(one.get(i).get(s).exchange(), other.get(i).get(s).exchange());
        }
      }
    }
  }

  @Test
  void endOfSequenceStopsAndIsIncludedAndCanBeIgnored() {
    try (CausalLm policy = model(4096)) {
      Sampling sampling = Sampling.of(15, 11).withSamplesPerPrompt(40).withTemperature(2);
      boolean stopped = false;
      for (Sample sample : policy.sample(PROMPTS.subList(1, 2), sampling).get(0)) {
        int[] ids = sample.exchange().response().tokens().toArray();
        boolean ends = CONFIG.endOfSequence().contains(ids[ids.length - 1]);
        Finish finish = sample.exchange().response().finish();
        assertEquals(ends ? Finish.STOP : Finish.LENGTH, finish);
        assertTrue(ends || ids.length == 15);
        stopped |= ends && ids.length < 15;
        assertFalse(
            IntStream.of(ids).limit(ids.length - 1L).anyMatch(CONFIG.endOfSequence()::contains));
      }
      assertTrue(stopped);
      for (Sample sample :
          policy.sample(PROMPTS.subList(1, 2), sampling.withIgnoreEndOfSequence(true)).get(0)) {
        assertEquals(15, sample.exchange().response().tokens().size());
        assertEquals(Finish.LENGTH, sample.exchange().response().finish());
      }
    }
  }

  @Test
  void theContextLengthEndsAResponse() {
    int[] ids = IntStream.range(0, CONTEXT).map(i -> 3 + i).toArray();
    Sampling sampling = Sampling.of(100, 0).withIgnoreEndOfSequence(true);
    try (CausalLm policy = model(4096)) {
      Sample full = policy.sample(List.of(TokenPrompt.of(ids)), sampling).get(0).get(0);
      assertTrue(full.exchange().response().tokens().isEmpty());
      assertEquals(Finish.LENGTH, full.exchange().response().finish());
      Sample most = policy.sample(List.of(TokenPrompt.of(5)), sampling).get(0).get(0);
      assertEquals(CONTEXT - 1, most.exchange().response().tokens().size());
      List<LogProbs> scores = policy.logProbs(List.of(full.exchange(), most.exchange()));
      assertEquals(0, scores.get(0).size());
      assertArrayEquals(most.logProbs().toArray(), scores.get(1).toArray(), 1e-4);
    }
  }

  @Test
  void whatCannotBeReadIsRefusedByItsRow() {
    int[] tooLong = new int[CONTEXT + 1];
    List<TokenPrompt> prompts = List.of(TokenPrompt.of(3), TokenPrompt.of(tooLong));
    try (CausalLm policy = model(4096)) {
      Refusals.assertNames(
          IllegalArgumentException.class,
          () -> policy.sample(prompts, Sampling.of(1, 0)),
          "prompt 1",
          "24",
          "25");
      Refusals.assertNames(
          IllegalArgumentException.class,
          () -> policy.sample(List.of(TokenPrompt.of(3, 40)), Sampling.of(1, 0)),
          "prompt 0",
          "id 1 was 40",
          "vocab_size");
      Refusals.assertNames(
          IllegalArgumentException.class,
          () -> policy.sample(List.of(new TextPrompt("text")), Sampling.of(1, 0)),
          "prompt 0",
          "tokenizer");
      Exchange bad = new Exchange(TokenPrompt.of(3), Response.ofTokens(Tokens.of(99)));
      Refusals.assertNames(
          IllegalArgumentException.class, () -> policy.logProbs(List.of(bad)), "exchange 0", "99");
      Refusals.assertNames(
          IllegalArgumentException.class,
          () ->
              policy.step(
                  List.of(TrainingGroup.of(TrainingItem.of(bad))),
                  Objective.supervised(),
                  StepOptions.of(0.1, 1)),
          "group 0, item 0",
          "99");
      Refusals.assertNames(
          IllegalArgumentException.class, () -> policy.logProbs(List.of(), 0), "temperature", "0");
    }
  }

  @Test
  void aSavedModelScoresBitForBitAsBefore(@TempDir Path directory) throws IOException {
    for (String name : GoldenModel.NAMES) {
      Path saved = directory.resolve(name);
      GoldenModel golden = GoldenModel.of(name);
      List<Exchange> exchanges = golden.dpoItems().stream().map(TrainingItem::exchange).toList();
      try (CausalLm policy = golden.load()) {
        policy.save(saved);
        try (CausalLm again = CausalLm.load(saved, GoldenModel.OPTIONS);
            FrozenPolicy one = policy.reference();
            FrozenPolicy other = again.reference()) {
          assertEquals(policy.config(), again.config(), name);
          assertEquals(policy.logProbs(exchanges), again.logProbs(exchanges), name);
          assertEquals(one.digest(), other.digest(), name);
        }
      }
    }
  }

  @Test
  void nativeArraysReturnToTheirNumber() {
    try (CausalLm policy = model(4096)) {
      use(policy);
      int live = policy.decoder().liveArrays();
      for (int i = 0; i < 3; i++) {
        use(policy);
        assertEquals(live, policy.decoder().liveArrays());
      }
    }
  }

  private static void use(CausalLm policy) {
    policy.step(batch(), Objective.supervised(), StepOptions.of(1e-3, 16));
    policy.sample(PROMPTS, Sampling.of(4, 1).withSamplesPerPrompt(2));
    policy.logProbs(batch().stream().map(group -> group.items().get(0).exchange()).toList());
    policy.reference().close();
  }

  @Test
  void smallPassesScoreAndTrainLikeLargeOnes() {
    List<Exchange> exchanges =
        batch().stream().map(group -> group.items().get(0).exchange()).toList();
    try (CausalLm wide = model(4096);
        CausalLm narrow = model(4)) {
      StepOptions options = StepOptions.of(1e-3, 16).withMaxGradientNorm(0.5);
      for (int i = 0; i < 3; i++) {
        double one = wide.step(batch(), Objective.supervised(), options).loss();
        double other = narrow.step(batch(), Objective.supervised(), options).loss();
        assertEquals(one, other, 1e-5);
      }
      List<LogProbs> expected = wide.logProbs(exchanges);
      List<LogProbs> actual = narrow.logProbs(exchanges);
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i).toArray(), actual.get(i).toArray(), 1e-4);
      }
    }
  }

  @Test
  void aStepOfEmptyResponsesOnlyDecaysTheWeights() {
    TrainingItem empty =
        TrainingItem.of(new Exchange(TokenPrompt.of(3), Response.ofTokens(Tokens.EMPTY)));
    try (CausalLm policy = model(4096);
        FrozenPolicy before = policy.reference()) {
      assertEquals(
          0,
          policy
              .step(
                  List.of(TrainingGroup.of(empty)), Objective.supervised(), StepOptions.of(0.1, 1))
              .gradientNorm());
      try (FrozenPolicy after = policy.reference()) {
        assertEquals(before.digest(), after.digest());
      }
    }
  }

  @Test
  void samplingAndScoringRunConcurrently() {
    try (CausalLm policy = model(64)) {
      Sampling sampling = Sampling.of(10, 5).withSamplesPerPrompt(4);
      List<List<Sample>> expected = policy.sample(PROMPTS, sampling);
      List<CompletableFuture<List<List<Sample>>>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(CompletableFuture.supplyAsync(() -> policy.sample(PROMPTS, sampling)));
      }
      for (CompletableFuture<List<List<Sample>>> result : running) {
        assertEquals(expected, result.join());
      }
    }
  }
}
