package io.sgpo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefinerTest {

  /** Answers a conversation with its last assistant turn and one more plus sign. */
  private static final class Plus implements Policy {
    private final List<Long> seeds = new ArrayList<>();

    @Override
    public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
      seeds.add(sampling.seed());
      return prompts.stream().map(prompt -> List.of(answer((Conversation) prompt))).toList();
    }

    private static Sample answer(Conversation prompt) {
      List<Message> turns = prompt.messages();
      assertEquals(Refiner.IMPROVE_INSTRUCTION, turns.get(turns.size() - 1).content());
      String previous = turns.get(turns.size() - 2).content();
      return new Sample(new Exchange(prompt, Response.of(previous + "+")), LogProbs.of(0), 0);
    }

    @Override
    public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
      throw new AssertionError("refinement scores nothing");
    }

    @Override
    public void close() {}
  }

  @Test
  void everyStepSeesThePreviousAnswerAndTheOriginalPromptOnly() {
    Plus policy = new Plus();
    Refinement chain = Refiner.of(policy).refine(Conversation.user("why?"), "because", 3);
    assertEquals(
        List.of("because", "because+", "because++", "because+++"),
        chain.answers().stream().map(Response::text).toList());
    assertEquals("because+++", chain.last().text());
    assertEquals(3, policy.seeds.stream().distinct().count());
  }

  @Test
  void badArgumentsAreRefused() {
    Refiner refiner = Refiner.of(new Plus());
    Prompt prompt = Conversation.user("why?");
    assertEquals(
        "steps must be >= 1, but was 0",
        assertThrows(IllegalArgumentException.class, () -> refiner.refine(prompt, "a", 0))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> refiner.refine(List.of(prompt), List.of(), 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> refiner.sampling(Sampling.of(8, 0).withSamplesPerPrompt(2)));
    assertThrows(
        IllegalStateException.class, () -> refiner.refine(TokenPrompt.of(1, 2), "answer", 1));
  }
}
