package io.sgpo.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.judge.BothOrders.Contradiction;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.testing.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgesTest {

  private static final Class<IllegalArgumentException> BAD = IllegalArgumentException.class;
  private static final Verdict FAILURE = new Verdict.Failure("down");
  private static final Verdict ABSTENTION = new Verdict.Abstention("a tie");

  private static Comparison comparison(String first, String second) {
    return new Comparison(Conversation.user("x"), Response.of(first), Response.of(second));
  }

  private static double probability(Verdict verdict) {
    return assertInstanceOf(Verdict.Preference.class, verdict).probability();
  }

  private static Verdict verdict(PreferenceModel judge) {
    return judge.compare(List.of(comparison("a", "b"))).get(0);
  }

  /** Answers what it is told, whatever it is asked. */
  private static PreferenceModel saying(Verdict... verdicts) {
    return comparisons -> {
      List<Verdict> answers = new ArrayList<>();
      for (int i = 0; i < comparisons.size(); i++) {
        answers.add(verdicts[i % verdicts.length]);
      }
      return answers;
    };
  }

  private static PreferenceModel saying(double probability) {
    return saying(Verdict.of(probability));
  }

  @Test
  void aScoredJudgeIsItsJudgeAndItsReward() {
    RewardFunction lengths =
        exchanges -> exchanges.stream().mapToDouble(e -> e.response().text().length()).toArray();
    RewardFunction broken = exchanges -> new double[] {4, Double.NaN};
    List<Exchange> exchanges =
        List.of(
            new Exchange(Conversation.user("x"), Response.of("ab")),
            new Exchange(Conversation.user("x"), Response.of("abcd")));
    ScoredJudge judge =
        ScoredJudge.of(saying(0.3), ScoredJudge.mean(List.of(lengths, lengths, broken)));
    assertEquals(0.3, probability(verdict(judge)));
    assertArrayEquals(new double[] {8.0 / 3, Double.NaN}, judge.scores(exchanges), 1e-15);
    assertArrayEquals(new double[] {2, 4}, ScoredJudge.mean(List.of(lengths)).scores(exchanges), 0);
    Refusals.assertNames(BAD, () -> ScoredJudge.mean(List.of()), "members");
  }

  @Test
  void rewardsByHand() {
    RewardJudge judge =
        RewardJudge.of(
            exchanges ->
                exchanges.stream()
                    .mapToDouble(e -> e.response().text().equals("a") ? Math.log(9) : 0)
                    .toArray());
    assertEquals(0.9, probability(verdict(judge)), 1e-15);
    assertEquals(0.75, probability(verdict(judge.temperature(2))), 1e-15);
    Refusals.assertNames(BAD, () -> judge.temperature(0), "temperature", "0.0");
    Refusals.assertNames(BAD, () -> judge.temperature(Double.NaN), "temperature", "NaN");
  }

  @Test
  void eachDifferentExchangeIsScoredOnce() {
    AtomicInteger scored = new AtomicInteger();
    RewardJudge judge =
        RewardJudge.of(
            exchanges -> {
              scored.addAndGet(exchanges.size());
              return new double[exchanges.size()];
            });
    judge.compare(List.of(comparison("a", "b"), comparison("b", "c"), comparison("a", "b")));
    assertEquals(3, scored.get());
  }

  @Test
  void anExchangeThatCannotBeScoredFailsAloneAndSoDoesOneThatIsNotANumber() {
    RewardJudge judge =
        RewardJudge.of(
            exchanges -> {
              for (int i = 0; i < exchanges.size(); i++) {
                if (exchanges.get(i).response().text().equals("long")) {
                  throw new IllegalArgumentException("exchange " + i + ": must have at most 5");
                }
              }
              return exchanges.stream()
                  .mapToDouble(e -> e.response().text().equals("nan") ? Double.NaN : 1)
                  .toArray();
            });
    List<Verdict> verdicts =
        judge.compare(
            List.of(
                comparison("a", "b"),
                comparison("a", "long"),
                comparison("nan", "b"),
                comparison("c", "d")));
    assertEquals(0.5, probability(verdicts.get(0)));
    assertEquals(new Verdict.Failure("cannot be scored: must have at most 5"), verdicts.get(1));
    assertEquals(new Verdict.Failure("the reward must be finite, but was NaN"), verdicts.get(2));
    assertEquals(0.5, probability(verdicts.get(3)));
    List<Exchange> exchanges =
        Stream.of("a", "long", "nan")
            .map(text -> new Exchange(comparison("a", "b").prompt(), Response.of(text)))
            .toList();
    assertArrayEquals(new double[] {1, Double.NaN, Double.NaN}, judge.scores(exchanges));
  }

  @Test
  void aRewardThatForgetsAnExchangeIsRefused() {
    Refusals.assertNames(
        IllegalStateException.class, () -> verdict(RewardJudge.of(any -> new double[1])), "2", "1");
  }

  @Test
  void panelsByHand() {
    List<PreferenceModel> members = List.of(saying(0.9), saying(0.4), saying(0.5), saying(0.6));
    // two for, one against, one undecided
    assertEquals(0.625, probability(verdict(Panel.of(Panel.Vote.SHARE, members))), 1e-15);
    assertEquals(0.6, probability(verdict(Panel.of(Panel.Vote.MEAN, members))), 1e-15);
    assertEquals(1, probability(verdict(Panel.of(Panel.Vote.SHARE, List.of(saying(0.51))))));
  }

  @Test
  void aPanelWithoutVotesAbstainsAndOneThatLacksAMemberFails() {
    Panel some = Panel.of(Panel.Vote.MEAN, List.of(saying(ABSTENTION), saying(0.8)));
    assertEquals(0.8, probability(verdict(some)), 1e-15);
    Panel none = Panel.of(Panel.Vote.MEAN, List.of(saying(ABSTENTION), saying(ABSTENTION)));
    assertEquals(new Verdict.Abstention("judge 1: a tie"), verdict(none));
    Panel failing =
        Panel.of(Panel.Vote.SHARE, List.of(saying(ABSTENTION), saying(FAILURE), saying(0.8)));
    assertEquals(new Verdict.Failure("judge 1: down"), verdict(failing));
    Refusals.assertNames(BAD, () -> Panel.of(Panel.Vote.MEAN, List.of()), "members");
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.2, 0.85", "0.9, 0.8, 0.55", "0.1, 0.1, 0.5", "0.5, 0.3, 0.6", "1, 0, 1"})
  void ordersAreAveraged(double forward, double backward, double expected) {
    PreferenceModel judge = saying(Verdict.of(forward), Verdict.of(backward));
    assertEquals(
        expected, probability(verdict(BothOrders.of(judge, Contradiction.AVERAGE))), 1e-15);
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.8, first", "0.1, 0.3, second"})
  void ordersThatContradictEachOtherMayBeAnAbstention(
      double forward, double backward, String favoured) {
    PreferenceModel judge = saying(Verdict.of(forward), Verdict.of(backward));
    Verdict verdict = verdict(BothOrders.of(judge, Contradiction.ABSTAIN));
    String reason = assertInstanceOf(Verdict.Abstention.class, verdict).reason();
    assertTrue(reason.contains("the " + favoured + " response is preferred"), reason);
  }

  @Test
  void agreementAndUndecidedOrdersAreNoContradiction() {
    for (double[] p : new double[][] {{0.9, 0.2}, {0.5, 0.9}, {0.9, 0.5}, {0.5, 0.5}}) {
      PreferenceModel judge = saying(Verdict.of(p[0]), Verdict.of(p[1]));
      double expected = 0.5 + (p[0] - p[1]) / 2;
      assertEquals(
          expected, probability(verdict(BothOrders.of(judge, Contradiction.ABSTAIN))), 1e-15);
    }
  }

  @Test
  void anOrderThatFailsOrAbstainsDecidesNothing() {
    Verdict sure = Verdict.of(1);
    assertEquals(FAILURE, both(sure, FAILURE));
    assertEquals(FAILURE, both(FAILURE, sure));
    assertEquals(FAILURE, both(ABSTENTION, FAILURE));
    assertEquals(ABSTENTION, both(ABSTENTION, sure));
    assertEquals(ABSTENTION, both(sure, ABSTENTION));
  }

  private static Verdict both(Verdict forward, Verdict backward) {
    return verdict(BothOrders.of(saying(forward, backward), Contradiction.AVERAGE));
  }

  @Test
  void counts() {
    CountingJudge judge = CountingJudge.of(saying(Verdict.of(0.3), ABSTENTION, FAILURE));
    Comparison any = comparison("a", "b");
    judge.compare(List.of(any, any, any, any, any));
    judge.compare(List.of(any));
    assertEquals(6, judge.comparisons());
    assertEquals(2, judge.abstentions());
    assertEquals(1, judge.failures());
  }

  @Test
  void aQuestionIsAskedOnceOfOneJudgeAndFailuresAgain() {
    VerdictCache cache = VerdictCache.inMemory();
    CountingJudge counted = CountingJudge.of(saying(0.3));
    CachedJudge judge = CachedJudge.of(counted, "one", cache);
    Comparison any = comparison("a", "b");
    judge.compare(List.of(any, any, comparison("b", "a")));
    judge.compare(List.of(any));
    assertEquals(2, counted.comparisons());
    CachedJudge other = CachedJudge.of(saying(0.8), "other", cache);
    assertEquals(0.8, probability(verdict(other)));
    assertEquals(0.3, probability(verdict(judge)));
    CountingJudge failing = CountingJudge.of(saying(FAILURE));
    CachedJudge asked = CachedJudge.of(failing, "failing", cache);
    assertEquals(FAILURE, verdict(asked));
    assertEquals(FAILURE, verdict(asked));
    assertEquals(2, failing.comparisons());
  }

  @Test
  void questionsThatOnlyLookAlikeAreDifferent() {
    VerdictCache cache = VerdictCache.inMemory();
    CountingJudge counted = CountingJudge.of(saying(0.3));
    CachedJudge judge = CachedJudge.of(counted, "one", cache);
    Response a = Response.of("a");
    Response b = Response.of("b");
    Response drawn = new Response("a", Tokens.of(1), Response.Finish.STOP);
    judge.compare(
        List.of(
            new Comparison(Conversation.user("x"), a, b),
            new Comparison(new TextPrompt("x"), a, b),
            new Comparison(Conversation.of(Message.system("x")), a, b),
            new Comparison(Conversation.of(Message.user(""), Message.user("x")), a, b),
            new Comparison(Conversation.user("x"), drawn, b),
            new Comparison(Conversation.user("xa"), Response.of(""), b),
            new Comparison(TokenPrompt.of(1), a, b),
            new Comparison(new TextPrompt("[1]"), a, b)));
    assertEquals(8, counted.comparisons());
    assertEquals(8, cache.size());
  }

  @Test
  void theTemplateTakesAnythingAsData() {
    JudgeTemplate template = new JudgeTemplate("{prompt}|{first}|{second}|{first} {x}");
    assertEquals(
        "{second}|$1 {prompt}|\\|$1 {prompt} {x}",
        template.question(
            new Comparison(
                new TextPrompt("{second}"), Response.of("$1 {prompt}"), Response.of("\\"))));
    Conversation turns =
        Conversation.of(Message.system("be brief"), Message.user("hi"), Message.assistant("yes"));
    assertEquals(
        "system: be brief\n\nuser: hi\n\nassistant: yes|a|b|a {x}",
        template.question(new Comparison(turns, Response.of("a"), Response.of("b"))));
    Refusals.assertNames(BAD, () -> new JudgeTemplate("{prompt} {first}"), "{second}");
    Refusals.assertNames(
        BAD,
        () ->
            template.question(
                new Comparison(
                    TokenPrompt.of(1), Response.of("a"), Response.ofTokens(Tokens.of(2)))),
        "token ids");
  }

  /** A policy that says how probably it begins an answer with tokens, and can do nothing else. */
  private interface Scores extends Policy {
    @Override
    default List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
      throw new UnsupportedOperationException();
    }

    @Override
    default void close() {}
  }

  private static final LabelTokens LABELS =
      new LabelTokens(
          List.of(Tokens.of(1), Tokens.of(9, 1)), List.of(Tokens.of(2), Tokens.of(9, 2)));

  /** Says A with 0.4 + 0.2 and B with 0.1 + 0.1 if "good" is first, else A and B with 0.2. */
  private static double logProb(Exchange exchange) {
    String question = ((Conversation) exchange.prompt()).messages().get(0).content();
    Tokens label = exchange.response().tokens();
    if (question.contains("long")) {
      throw new IllegalArgumentException("exchange 3: must have at most 9 tokens");
    }
    if (question.indexOf("good") > question.indexOf("bad")) {
      return Math.log(0.1);
    }
    return Math.log(label.equals(Tokens.of(1)) ? 0.4 : label.equals(Tokens.of(9, 1)) ? 0.2 : 0.1);
  }

  @Test
  void aPairwiseModelByHand() {
    Scores policy =
        (exchanges, temperature) -> exchanges.stream().map(e -> LogProbs.of(logProb(e))).toList();
    PairwiseJudge judge =
        PairwiseJudge.of(policy, LABELS, JudgeTemplate.DEFAULT, Contradiction.AVERAGE);
    List<Verdict> verdicts =
        judge.compare(
            List.of(comparison("good", "bad"), comparison("long", "a"), comparison("bad", "good")));
    // p₁ = 0.6 / 0.8, p₂ = ½
    assertEquals(0.625, probability(verdicts.get(0)), 1e-12);
    assertEquals(
        new Verdict.Failure("cannot be asked: must have at most 9 tokens"), verdicts.get(1));
    assertEquals(0.375, probability(verdicts.get(2)), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"NaN", "-Infinity"})
  void aPairwiseModelWithoutProbabilitiesFails(double logProb) {
    Scores policy =
        (exchanges, temperature) -> exchanges.stream().map(e -> LogProbs.of(logProb)).toList();
    PairwiseJudge judge =
        PairwiseJudge.of(policy, LABELS, JudgeTemplate.DEFAULT, Contradiction.AVERAGE);
    assertInstanceOf(Verdict.Failure.class, verdict(judge));
  }

  @Test
  void waysToWriteALabelAreCountedOnce() {
    LabelTokens labels =
        new LabelTokens(
            List.of(Tokens.of(1), Tokens.of(1, 5), Tokens.of(1), Tokens.of(9, 1)),
            List.of(Tokens.of(2)));
    assertEquals(List.of(Tokens.of(1), Tokens.of(9, 1)), labels.first());
    List<Tokens> same = List.of(Tokens.of(1));
    Refusals.assertNames(BAD, () -> new LabelTokens(same, same), "apart", "[1]");
    Refusals.assertNames(BAD, () -> new LabelTokens(same, List.of(Tokens.of(1, 2))), "apart");
    Refusals.assertNames(BAD, () -> new LabelTokens(List.of(), same), "none");
  }
}
