package io.sgpo.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.solvers.stats.WinRate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {

  private static final Prompt GAMES = Conversation.user("name two games");
  private static final Prompt TOOLS = Conversation.user("name two tools please");

  private static final Answers OURS =
      Answers.of(
          List.of(
              List.of(sample(GAMES, "chess golf ."), sample(GAMES, "behold golf .")),
              List.of(sample(TOOLS, "gladly saw rake ."), sample(TOOLS, "um ."))));

  private static final Answers THEIRS =
      Answers.of(
          List.of(
              List.of(sample(GAMES, "golf ."), sample(GAMES, "golf darts .")),
              List.of(sample(TOOLS, "gladly rake saw ."), sample(TOOLS, "gladly saw ."))));

  @Test
  void scoresAreThoseOfTheRubric() {
    assertArrayEquals(new double[] {5, 2, 5, -0.5}, OURS.scores(), 1e-12);
  }

  @Test
  void preferencesCompareIndexByIndex() {
    // scores 5, 2, 5, -1/2 against 3, 5, 5, 3: a win, a loss, a tie, a loss
    double[] expected = {sigmoid(4), sigmoid(-6), 0.5, sigmoid(-7)};
    assertArrayEquals(expected, OURS.preferences(THEIRS, TruePreference::probability), 1e-12);
    WinRate rate = OURS.winRate(THEIRS, TruePreference::probability, 1);
    assertEquals(1.5 / 4, rate.rate(), 0);
    assertEquals(2, rate.clusters());
  }

  @Test
  void tonesAreShares() {
    assertEquals(Map.of(Tone.PLAIN, 0.5, Tone.WARM, 0.25, Tone.GRAND, 0.25), OURS.tones());
    Map<Tone, Map<Tone, Double>> after = OURS.tonesAfter(THEIRS);
    assertEquals(Map.of(Tone.PLAIN, 0.5, Tone.WARM, 0.0, Tone.GRAND, 0.5), after.get(Tone.PLAIN));
    assertEquals(Map.of(Tone.PLAIN, 0.5, Tone.WARM, 0.5, Tone.GRAND, 0.0), after.get(Tone.WARM));
    assertEquals(Map.of(Tone.PLAIN, 0.0, Tone.WARM, 0.0, Tone.GRAND, 0.0), after.get(Tone.GRAND));
  }

  @Test
  void estimateIsMeanAndStandardError() {
    Estimate estimate = Estimate.of(new double[] {1, 2, 3, 6});
    assertEquals(3, estimate.mean(), 0);
    assertEquals(Math.sqrt(14.0 / 3 / 4), estimate.standardError(), 1e-15);
    assertEquals(0, Estimate.of(new double[] {7}).standardError(), 0);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static Sample sample(Prompt prompt, String text) {
    return new Sample(new Exchange(prompt, Response.of(text)), LogProbs.of(-1), -1);
  }
}
