package io.sgpo.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final List<Prompt> PROMPTS = prompts();

  private static List<Prompt> prompts() {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      prompts.add(Conversation.user("question " + i));
    }
    return prompts;
  }

  /** The same odds of "good" to "bad" at every prompt. */
  private static TabularPolicy policy(double odds) {
    Map<Prompt, List<Response>> candidates = new HashMap<>();
    Map<Prompt, double[]> logits = new HashMap<>();
    for (Prompt prompt : PROMPTS) {
      candidates.put(prompt, List.of(Response.of("good"), Response.of("bad")));
      logits.put(prompt, new double[] {Math.log(odds), 0});
    }
    return TabularPolicy.of(candidates, logits);
  }

  private static double value(Response response) {
    return response.text().equals("good") ? 1 : 0;
  }

  private static final PreferenceModel JUDGE =
      PreferenceModel.of(c -> 0.5 + 0.4 * (value(c.first()) - value(c.second())));

  @Test
  void theBetterPolicyIsPreferredWithinItsInterval() {
    try (TabularPolicy better = policy(9);
        TabularPolicy worse = policy(1.0 / 9)) {
      PreferenceEstimate estimate =
          Evaluation.preference(better, worse, JUDGE, PROMPTS, Sampling.of(1, 3));
      // 0.5 + 0.4 (0.9 − 0.1)
      assertTrue(estimate.lower() < 0.82 && 0.82 < estimate.upper(), estimate.toString());
      assertTrue(estimate.upper() - estimate.lower() < 0.08, estimate.toString());
      assertEquals(200, estimate.winRate().comparisons());
      PreferenceEstimate other =
          Evaluation.preference(worse, better, JUDGE, PROMPTS, Sampling.of(1, 3));
      assertEquals(1, estimate.mean() + other.mean(), 1e-12);
    }
  }

  @Test
  void aJudgeOfPositionsPrefersNobody() {
    try (TabularPolicy one = policy(9);
        TabularPolicy other = policy(1)) {
      PreferenceEstimate estimate =
          Evaluation.preference(
              one, other, PreferenceModel.of(c -> 0.75), PROMPTS, Sampling.of(1, 3));
      assertEquals(0.5, estimate.mean());
      assertEquals(0.5, estimate.winRate().rate());
    }
  }

  @Test
  void whatIsNotDecidedIsCountedAndLeftOut() {
    PreferenceModel partly =
        comparisons -> {
          List<Verdict> verdicts = new ArrayList<>(JUDGE.compare(comparisons));
          verdicts.set(0, new Verdict.Abstention("unsure"));
          verdicts.set(3, new Verdict.Failure("offline"));
          return verdicts;
        };
    List<Response> good = List.of(Response.of("good"), Response.of("good"), Response.of("good"));
    List<Response> bad = List.of(Response.of("bad"), Response.of("bad"), Response.of("bad"));
    PreferenceEstimate estimate =
        Evaluation.preference(PROMPTS.subList(0, 3), good, bad, partly, 1);
    assertEquals(0.9, estimate.mean(), 1e-15);
    assertEquals(1, estimate.winRate().comparisons());
    assertEquals(1, estimate.abstentions());
    assertEquals(1, estimate.failures());
    IllegalStateException refusal =
        assertThrows(
            IllegalStateException.class,
            () ->
                Evaluation.preference(
                    PROMPTS.subList(0, 2), good.subList(0, 2), bad.subList(0, 2), partly, 1));
    assertTrue(String.valueOf(refusal.getMessage()).contains("1 abstentions"));
    assertThrows(
        IllegalArgumentException.class,
        () -> Evaluation.preference(PROMPTS.subList(0, 2), good, bad, JUDGE, 1));
  }

  @Test
  void aJudgeThatDoesNotAnswerEveryComparisonIsRefused() {
    List<Response> one = List.of(Response.of("good"));
    IllegalStateException refusal =
        assertThrows(
            IllegalStateException.class,
            () ->
                Evaluation.preference(
                    PROMPTS.subList(0, 1), one, one, comparisons -> List.of(), 1));
    assertTrue(String.valueOf(refusal.getMessage()).contains("there were 2"));
  }

  @Test
  void theKlEstimateIsWithinItsErrorsOfTheTruth() {
    try (TabularPolicy policy = policy(9);
        TabularPolicy even = policy(1);
        FrozenPolicy reference = even.reference()) {
      Estimate estimate = Evaluation.klToReference(policy, reference, PROMPTS, 1, 20, 5);
      double truth = 0.9 * Math.log(1.8) + 0.1 * Math.log(0.2);
      assertEquals(truth, estimate.mean(), 5 * estimate.standardError());
      assertEquals(4000, estimate.size());
      // Two values, log 1.8 and log 0.2, at 0.9 and 0.1.
      assertEquals(0.3 * Math.log(9) / Math.sqrt(4000), estimate.standardError(), 0.1 * 0.0104);
      assertEquals(0, Evaluation.klToReference(even, reference, PROMPTS, 1, 1, 5).mean(), 1e-15);
    }
  }

  @Test
  void oneAnswerPerPrompt() {
    try (TabularPolicy policy = policy(1)) {
      assertEquals(200, Evaluation.answers(policy, PROMPTS, Sampling.of(1, 0)).size());
      assertThrows(
          IllegalArgumentException.class,
          () -> Evaluation.answers(policy, PROMPTS, Sampling.of(1, 0).withSamplesPerPrompt(2)));
    }
  }
}
