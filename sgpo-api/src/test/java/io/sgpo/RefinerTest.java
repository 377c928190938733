package io.sgpo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.Refinement.Stop;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
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

  /** Draws answers whose text is their number among the samples, after the previous answer. */
  private static Policy numbered() {
    return new Policy() {
      @Override
      public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
        assertEquals(PolicyRole.FOLLOWER, sampling.role());
        List<List<Sample>> all = new ArrayList<>();
        for (Prompt prompt : prompts) {
          List<Message> turns = ((Conversation) prompt).messages();
          String previous = turns.get(turns.size() - 2).content();
          List<Sample> own = new ArrayList<>();
          for (int s = 0; s < sampling.samplesPerPrompt(); s++) {
            Response response =
                new Response(previous + s, Tokens.of(1, 2, 3), Response.Finish.STOP);
            own.add(new Sample(new Exchange(prompt, response), LogProbs.of(0, 0, 0), 0));
          }
          all.add(own);
        }
        return all;
      }

      @Override
      public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
        throw new AssertionError("refinement scores nothing");
      }

      @Override
      public void close() {}
    };
  }

  private static final Prompt WHY = Conversation.user("why?");

  private static void assertChain(Refinement chain, Stop stop, String... answers) {
    assertEquals(List.of(answers), chain.answers().stream().map(Response::text).toList());
    assertEquals(stop, chain.stop());
  }

  /** Prefers the digit that is larger at the end. */
  private static PreferenceModel lastDigit() {
    return PreferenceModel.of(c -> (1 + Integer.signum(last(c.first()) - last(c.second()))) / 2.0);
  }

  private static int last(Response response) {
    return response.text().charAt(response.text().length() - 1);
  }

  @Test
  void theJudgePicksTheBestOfSeveralSamples() {
    Refiner refiner = Refiner.of(numbered()).samples(3).judge(lastDigit());
    assertChain(refiner.refine(WHY, "a", 2), Stop.STEPS, "a", "a2", "a22");
    Refiner scored =
        Refiner.of(numbered())
            .samples(3)
            .scorer(all -> all.stream().mapToDouble(e -> -last(e.response())).toArray());
    assertChain(scored.refine(WHY, "a", 2), Stop.STEPS, "a", "a0", "a00");
  }

  @Test
  void aNextAnswerThatIsNotPreferredIsNotTaken() {
    Refiner refiner = Refiner.of(numbered()).judge(lastDigit()).stopUnlessPreferred(0.5);
    // a0 against 9: below; a tie is taken at ½ and not above it
    assertChain(refiner.refine(WHY, "9", 3), Stop.NOT_PREFERRED, "9");
    assertChain(refiner.refine(WHY, "0", 2), Stop.STEPS, "0", "00", "000");
    assertChain(refiner.stopUnlessPreferred(0.6).refine(WHY, "0", 2), Stop.NOT_PREFERRED, "0");
    PreferenceModel silent =
        comparisons ->
            comparisons.stream().map(c -> (Verdict) new Verdict.Abstention("unsure")).toList();
    assertChain(refiner.judge(silent).refine(WHY, "0", 2), Stop.UNDECIDED, "0");
  }

  @Test
  void scoresMustRise() {
    Refiner refiner =
        Refiner.of(numbered())
            .scorer(all -> all.stream().mapToDouble(e -> e.response().text().length()).toArray());
    assertChain(refiner.stopUnlessScoreRises(1).refine(WHY, "a", 2), Stop.STEPS, "a", "a0", "a00");
    assertChain(refiner.stopUnlessScoreRises(1.5).refine(WHY, "a", 2), Stop.SCORE, "a");
  }

  @Test
  void chainsEndEachOnItsOwn() {
    Refiner refiner =
        Refiner.of(numbered()).stopWhen(answers -> answers.get(0).text().equals("short"));
    List<Refinement> chains = refiner.refine(List.of(WHY, WHY), List.of("short", "long"), 3);
    assertChain(chains.get(0), Stop.RULE, "short", "short0");
    assertChain(chains.get(1), Stop.STEPS, "long", "long0", "long00", "long000");
  }

  /** Every call is told with its role and seed; a session is open while a chain grows. */
  @Test
  void thePolicyAnswersAndRefinesInOneSession() {
    List<String> calls = new ArrayList<>();
    Policy policy =
        new Policy() {
          @Override
          public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
            throw new AssertionError("a session draws");
          }

          @Override
          public SamplingSession session() {
            calls.add("open");
            return new SamplingSession() {
              @Override
              public List<List<Sample>> sample(List<? extends Prompt> all, Sampling sampling) {
                calls.add(sampling.role() + " " + sampling.seed());
                Response drawn =
                    new Response("" + calls.size(), Tokens.of(1), Response.Finish.STOP);
                return all.stream()
                    .map(x -> List.of(new Sample(new Exchange(x, drawn), LogProbs.of(0), 0)))
                    .toList();
              }

              @Override
              public void close() {
                calls.add("close");
              }
            };
          }

          @Override
          public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
            throw new AssertionError("refinement scores nothing");
          }

          @Override
          public void close() {}
        };
    Refiner refiner = Refiner.of(policy).sampling(Sampling.of(8, 20));
    List<Refinement> chains = refiner.refine(List.of(WHY), Sampling.of(8, 5), 2);
    assertEquals(List.of("open", "LEADER 5", "FOLLOWER 20", "FOLLOWER 21", "close"), calls);
    assertChain(chains.get(0), Stop.STEPS, "2", "3", "4");
    assertEquals(Tokens.of(1), chains.get(0).answers().get(0).tokens());
    Sampling two = Sampling.of(8, 5).withSamplesPerPrompt(2);
    assertThrows(IllegalArgumentException.class, () -> refiner.refine(List.of(WHY), two, 2));
    assertThrows(
        IllegalArgumentException.class, () -> refiner.refine(List.of(WHY), Sampling.of(8, 5), 0));
  }

  @Test
  void aPolicyThatKeepsNothingDrawsInASessionAsItDoes() {
    Plus policy = new Plus();
    SamplingSession session = policy.session();
    List<Prompt> prompts = List.of(WHY.followUp("because", Refiner.IMPROVE_INSTRUCTION));
    assertEquals(
        policy.sample(prompts, Sampling.of(8, 0)), session.sample(prompts, Sampling.of(8, 0)));
    session.close();
    session.close();
    assertThrows(IllegalStateException.class, () -> session.sample(prompts, Sampling.of(8, 0)));
  }

  @Test
  void tokensAreCountedOverAllSamples() {
    Refiner refiner = Refiner.of(numbered()).samples(2).judge(lastDigit()).maxTokens(7);
    assertChain(refiner.refine(WHY, "a", 5), Stop.TOKENS, "a", "a1", "a11");
  }

  @Test
  void theSameAnswerEndsAChain() {
    Policy parrot =
        new Policy() {
          @Override
          public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
            return prompts.stream()
                .map(
                    prompt ->
                        List.of(
                            new Sample(
                                new Exchange(prompt, Response.of("polly")), LogProbs.of(0), 0)))
                .toList();
          }

          @Override
          public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
            throw new AssertionError("refinement scores nothing");
          }

          @Override
          public void close() {}
        };
    Refiner refiner = Refiner.of(parrot);
    assertChain(refiner.refine(WHY, "a", 3), Stop.STEPS, "a", "polly", "polly", "polly");
    assertChain(refiner.stopAtFixedPoint().refine(WHY, "a", 3), Stop.FIXED_POINT, "a", "polly");
  }

  @Test
  void rulesNeedTheirJudges() {
    Refiner refiner = Refiner.of(numbered());
    for (Refiner lacking :
        List.of(
            refiner.samples(2),
            refiner.stopUnlessPreferred(0.5),
            refiner.stopUnlessScoreRises(0))) {
      assertThrows(IllegalStateException.class, () -> lacking.refine(WHY, "a", 1));
    }
    assertThrows(IllegalArgumentException.class, () -> refiner.samples(0));
    assertThrows(IllegalArgumentException.class, () -> refiner.maxTokens(0));
    assertThrows(IllegalArgumentException.class, () -> refiner.stopUnlessPreferred(1.5));
    assertThrows(IllegalArgumentException.class, () -> refiner.stopUnlessScoreRises(Double.NaN));
  }
}
