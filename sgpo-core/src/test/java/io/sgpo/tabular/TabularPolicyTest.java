package io.sgpo.tabular;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TabularPolicyTest {

  private static final Prompt PROMPT = Conversation.user("x");
  private static final List<String> ABC = List.of("a", "b", "c");

  private static TabularPolicy of(double... logits) {
    return TabularPolicy.of(
        Map.of(PROMPT, ABC.stream().map(Response::of).toList()), Map.of(PROMPT, logits));
  }

  private static Exchange exchange(String text) {
    return new Exchange(PROMPT, Response.of(text));
  }

  @Test
  void logProbsAreTheLogSoftmaxOfTheTemperedLogits() {
    try (TabularPolicy policy = of(0, Math.log(4), Math.log(9))) {
      assertEquals(Math.log(4.0 / 14), policy.logProbs(List.of(exchange("b"))).get(0).sum(), 1e-15);
      // T = 2 takes roots: 1, 2, 3 of 6.
      assertEquals(0.5, Math.exp(policy.logProbs(List.of(exchange("c")), 2).get(0).sum()), 1e-15);
      assertArrayEquals(
          new double[] {1 / 14.0, 4 / 14.0, 9 / 14.0}, policy.probabilities(PROMPT), 1e-15);
    }
  }

  @Test
  void drawsHaveTheProbabilitiesOfTheTable() {
    try (TabularPolicy policy = of(0, Math.log(2), Math.log(5))) {
      int draws = 20_000;
      int[] counts = new int[3];
      for (Sample sample :
          policy.sample(List.of(PROMPT), Sampling.of(1, 3).withSamplesPerPrompt(draws)).get(0)) {
        counts[sample.exchange().response().tokens().get(0)]++;
      }
      // Five standard deviations of a count.
      for (int k = 0; k < 3; k++) {
        double p = policy.probabilities(PROMPT)[k];
        assertEquals(draws * p, counts[k], 5 * Math.sqrt(draws * p * (1 - p)));
      }
    }
  }

  @Test
  void topKAndTopPKeepTheMostProbable() {
    try (TabularPolicy policy = of(Math.log(0.2), Math.log(0.5), Math.log(0.3))) {
      Sampling many = Sampling.of(1, 3).withSamplesPerPrompt(200);
      for (Sampling filtered : List.of(many.withTopK(2), many.withTopP(0.7), many.withTopP(0.75))) {
        for (Sample sample : policy.sample(List.of(PROMPT), filtered).get(0)) {
          assertTrue(!sample.exchange().response().text().equals("a"));
          double kept = sample.logProbs().sum() - Math.log(0.8);
          assertEquals(kept, sample.samplingLogProb(), 1e-14);
        }
      }
      // 0.5 reaches 0.4 alone.
      for (Sample sample : policy.sample(List.of(PROMPT), many.withTopP(0.4)).get(0)) {
        assertEquals("b", sample.exchange().response().text());
      }
    }
  }

  @Test
  void aHandComputedStep() {
    try (TabularPolicy policy = of(0, 0, 0)) {
      TrainingGroup group = TrainingGroup.of(TrainingItem.of(exchange("a")));
      double norm =
          policy
              .step(
                  List.of(group),
                  (Objective.Separable) (g, scores) -> GroupGradient.ofSequences(1, -2),
                  new StepOptions(0.1, 4, Double.POSITIVE_INFINITY, 2, 1, 1))
              .gradientNorm();
      // (c / normaliser) (1[k = y] − 1/3) / T = −1/4 · (2/3, −1/3, −1/3)
      assertEquals(Math.sqrt(6) / 12, norm, 1e-15);
      // The first step of Adam is η g / (|g| + ε).
      double[] logits = {0.1, -0.1, -0.1};
      double denominator = Math.exp(0.1) + 2 * Math.exp(-0.1);
      assertEquals(Math.exp(logits[0]) / denominator, policy.probabilities(PROMPT)[0], 1e-7);
    }
  }

  @Test
  void coefficientsMustFitTheTokens() {
    try (TabularPolicy policy = of(0, 0, 0)) {
      TrainingGroup group = TrainingGroup.of(TrainingItem.of(exchange("a")));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              policy.step(
                  List.of(group),
                  (Objective.Separable)
                      (g, scores) -> new GroupGradient(0, List.of(new double[] {1, 1})),
                  StepOptions.of(0.1, 1)));
    }
  }

  @Test
  void whatIsNotInTheTableIsRefusedByRow() {
    try (TabularPolicy policy = of(0, 0, 0)) {
      Prompt unknown = Conversation.user("unknown");
      assertMessage(
          () -> policy.sample(List.of(PROMPT, unknown), Sampling.of(1, 0)), "row 1", "unknown");
      assertMessage(
          () -> policy.logProbs(List.of(exchange("a"), exchange("z"))), "row 1", "text=z");
      Response token = Response.ofTokens(Tokens.of(3));
      assertMessage(
          () -> policy.logProbs(List.of(new Exchange(PROMPT, token))), "row 0", "candidate");
    }
  }

  @Test
  void badTablesAreRefused() {
    assertMessage(() -> TabularPolicy.uniform(List.of(), ABC), "prompts");
    assertMessage(() -> TabularPolicy.uniform(List.of(PROMPT), List.of()), "candidates");
    assertMessage(() -> TabularPolicy.uniform(List.of(PROMPT), List.of("a", "a")), "\"a\"");
    assertMessage(() -> of(0, 0), "3", "2");
    assertMessage(() -> of(0, Double.NaN, 0), "finite", "NaN");
  }

  @Test
  void itPlaysTheFollowerOnFollowUpsOfItsPrompts() {
    try (TabularPolicy leader = of(0, 1, 2);
        TabularPolicy both = leader.withFollowUps("improve")) {
      assertArrayEquals(leader.probabilities(PROMPT), both.probabilities(PROMPT));
      for (String answer : ABC) {
        double third = 1.0 / 3;
        assertArrayEquals(
            new double[] {third, third, third},
            both.probabilities(PROMPT.followUp(answer, "improve")),
            1e-15);
      }
    }
  }

  @Test
  void whatWasSavedIsLoadedBitForBit(@TempDir Path directory) throws IOException {
    Path saved = directory.resolve("policy");
    try (TabularPolicy policy = of(1.0 / 3, -1e-300, Math.PI)) {
      policy.save(saved);
      try (TabularPolicy loaded = TabularPolicy.load(saved);
          FrozenPolicy one = policy.reference();
          FrozenPolicy other = loaded.reference()) {
        assertEquals(one.digest(), other.digest());
      }
    }
  }

  @Test
  void aDamagedFileIsNamedAndChangesNothing(@TempDir Path directory) throws IOException {
    Path state = directory.resolve("state");
    try (TabularPolicy policy = of(0, 1, 2);
        TabularPolicy other =
            TabularPolicy.uniform(List.of(Conversation.user("other")), List.of("a", "b", "c"))) {
      policy.captureState(state);
      assertTrue(
          String.valueOf(
                  assertThrows(IOException.class, () -> other.restoreState(state)).getMessage())
              .contains("state.json"));
      Path file = state.resolve("state.json");
      Files.writeString(file, Files.readString(file).replace("\"step\" : 0", "\"step\" : -1"));
      IOException refusal = assertThrows(IOException.class, () -> policy.restoreState(state));
      assertTrue(String.valueOf(refusal.getMessage()).contains("step must be >= 0, but was -1"));
      Files.writeString(file, "{\"format\": \"something else\"}");
      assertThrows(IOException.class, () -> policy.restoreState(state));
      Files.writeString(file, "{");
      assertThrows(IOException.class, () -> policy.restoreState(state));
      assertEquals(2 - Math.log(1 + Math.E + Math.exp(2)), lastLogProb(policy), 1e-15);
      assertNull(directory.resolve("missing").toFile().listFiles());
      assertThrows(IOException.class, () -> TabularPolicy.load(directory.resolve("missing")));
    }
  }

  private static double lastLogProb(TabularPolicy policy) {
    return policy.logProbs(List.of(exchange("c"))).get(0).sum();
  }

  private static void assertMessage(Runnable call, String... parts) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::run);
    for (String part : parts) {
      assertTrue(String.valueOf(refusal.getMessage()).contains(part), refusal.getMessage());
    }
  }
}
