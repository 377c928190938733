package io.sgpo.examples.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.Ending;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnswerServiceTest {

  private static final Prompt IDS = TokenPrompt.of(1, 2);
  private static final List<PreferencePair> PAIRS =
      List.of(
          new PreferencePair(
              IDS, Response.ofTokens(Tokens.of(3, 4)), Response.ofTokens(Tokens.of(5, 6))));

  private static CausalLm model() throws IOException {
    return CausalLm.create(
        ModelConfig.llama(16, 16, 32, 2, 4, 2), null, 1, CausalLmOptions.DEFAULT.withThreads(1));
  }

  private static List<Response> answers(AnswerService service) {
    return LongStream.range(0, 8).mapToObj(seed -> service.answer(IDS, seed)).toList();
  }

  @Test
  void itAnswersOtherwiseOnceATrainingHasFinished() throws IOException {
    try (AnswerService service = new AnswerService(model())) {
      List<Response> before = answers(service);
      assertEquals(Ending.FINISHED, service.learn(PAIRS, 50).join().ending());
      assertNotEquals(before, answers(service));
    }
  }

  @Test
  void itAnswersAsBeforeWhileItTrainsAndClosingEndsTheTraining() throws IOException {
    CompletableFuture<Alignment> training;
    try (AnswerService service = new AnswerService(model())) {
      List<Response> before = answers(service);
      training = service.learn(PAIRS, 100_000_000);
      List<CompletableFuture<List<Response>>> callers =
          IntStream.range(0, 3)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> answers(service)))
              .toList();
      callers.forEach(caller -> assertEquals(before, caller.join()));
      assertFalse(training.isDone());
    }
    Alignment stopped = training.join();
    assertEquals(Ending.CANCELLED, stopped.ending());
    assertTrue(stopped.used().steps() < 100_000_000);
  }

  @Test
  void twoServicesDoNotDisturbEachOther() {
    List<Prompt> prompts = List.of(Conversation.user("rain?"));
    List<PreferencePair> yes = List.of(PreferencePair.of(prompts.get(0), "yes", "no"));
    List<PreferencePair> no = List.of(PreferencePair.of(prompts.get(0), "no", "yes"));
    TrainablePolicy one = TabularPolicy.uniform(prompts, List.of("yes", "no"));
    TrainablePolicy other = TabularPolicy.uniform(prompts, List.of("yes", "no"));
    try (AnswerService first = new AnswerService(one);
        AnswerService second = new AnswerService(other)) {
      CompletableFuture<Alignment> left = first.learn(yes, 1000);
      CompletableFuture<Alignment> right = second.learn(no, 1000);
      left.join();
      right.join();
      assertEquals("yes", first.answer(prompts.get(0), 1).text());
      assertEquals("no", second.answer(prompts.get(0), 1).text());
    }
    assertThrows(IllegalStateException.class, one::reference);
  }
}
