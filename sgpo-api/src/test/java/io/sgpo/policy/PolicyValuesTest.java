package io.sgpo.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.preference.PreferencePair;
import io.sgpo.preference.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyValuesTest {

  @Test
  void logProbsAreImmutableAndSum() {
    double[] values = {-1, -0.5};
    LogProbs logProbs = LogProbs.of(values);
    values[0] = 7;
    logProbs.toArray()[1] = 7;
    assertEquals(-1.5, logProbs.sum());
    assertEquals(-1, logProbs.get(0));
  }

  @Test
  void tokensAreImmutableValues() {
    int[] ids = {1, 2};
    Tokens tokens = Tokens.of(ids);
    ids[0] = 9;
    assertEquals(Tokens.of(1, 2), tokens);
    assertArrayEquals(new int[] {1, 2, 3}, tokens.concat(Tokens.of(3)).toArray());
    assertEquals(
        "token ids must be >= 0, but id 1 was -4",
        assertThrows(IllegalArgumentException.class, () -> Tokens.of(1, -4)).getMessage());
  }

  @Test
  void supervisedObjectiveIsTheNegativeLogLikelihood() {
    GroupGradient gradient =
        Objective.supervised().evaluate(0, List.of(LogProbs.of(-1, -2), LogProbs.of(-3)));
    assertEquals(6, gradient.loss());
    assertEquals(-1, gradient.coefficient(0, 1));
    assertEquals(-1, gradient.coefficient(1, 0));
  }

  @Test
  void aCoefficientPerTokenOrOneForAll() {
    GroupGradient gradient =
        new GroupGradient(0, List.of(new double[] {0.5, 0.25}, new double[] {2}));
    assertEquals(0.25, gradient.coefficient(0, 1));
    assertEquals(2, gradient.coefficient(1, 17));
  }

  @Test
  void followUpShowsTheAnswerAndAsks() {
    Conversation conversation = Conversation.user("q").followUp("a", "improve");
    assertEquals(
        List.of(Message.user("q"), Message.assistant("a"), Message.user("improve")),
        conversation.messages());
    assertEquals("qa\n\nimprove\n\n", new TextPrompt("q").followUp("a", "improve").text());
    assertThrows(IllegalStateException.class, () -> TokenPrompt.of(1).followUp("a", "improve"));
  }

  @Test
  void aPairOfEqualOrEmptyResponsesIsRefused() {
    Conversation prompt = Conversation.user("q");
    assertThrows(IllegalArgumentException.class, () -> PreferencePair.of(prompt, "a", "a"));
    assertThrows(IllegalArgumentException.class, () -> PreferencePair.of(prompt, "a", ""));
    PreferencePair pair = PreferencePair.of(prompt, "a", "b");
    assertEquals(Response.of("b"), pair.flipped().chosen());
  }

  @Test
  void aVerdictIsAProbability() {
    assertEquals(
        "probability must be in [0, 1], but was NaN",
        assertThrows(IllegalArgumentException.class, () -> Verdict.of(Double.NaN)).getMessage());
    assertEquals(
        "probability must be in [0, 1], but was 1.5",
        assertThrows(IllegalArgumentException.class, () -> Verdict.of(1.5)).getMessage());
  }

  @Test
  void optionsOfPoliciesNameNameValueAndRule() {
    assertEquals(
        "temperature must be finite and >= 0, but was -1.0",
        assertThrows(IllegalArgumentException.class, () -> Sampling.of(1, 0).withTemperature(-1))
            .getMessage());
    assertEquals(
        "topP must be in (0, 1], but was 0.0",
        assertThrows(IllegalArgumentException.class, () -> Sampling.of(1, 0).withTopP(0))
            .getMessage());
    assertEquals(
        "normaliser must be finite and > 0, but was 0.0",
        assertThrows(IllegalArgumentException.class, () -> StepOptions.of(0.1, 0)).getMessage());
    assertEquals(
        "beta1 must be in [0, 1), but was 1.0",
        assertThrows(IllegalArgumentException.class, () -> new AdamW(1, 0.9, 1e-8, 0))
            .getMessage());
  }
}
