package io.sgpo.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.preference.Verdict;
import io.sgpo.run.JudgeFailedException;
import io.sgpo.run.Measure;
import io.sgpo.run.Measured;
import io.sgpo.run.Metrics;
import io.sgpo.run.Usage;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeldOutWinRateTest {

  private static final List<Prompt> PROMPTS = prompts();

  private static List<Prompt> prompts() {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      prompts.add(Conversation.user("question " + i));
    }
    return prompts;
  }

  /** Answers with this word to every prompt, all but surely. */
  private static TabularPolicy saying(String word) {
    Map<Prompt, List<Response>> candidates = new HashMap<>();
    Map<Prompt, double[]> logits = new HashMap<>();
    for (Prompt prompt : PROMPTS) {
      candidates.put(prompt, List.of(Response.of("yes"), Response.of("no")));
      logits.put(prompt, word.equals("yes") ? new double[] {60, 0} : new double[] {0, 60});
    }
    return TabularPolicy.of(candidates, logits);
  }

  /** By prompt: 0.6, 0.7, 0.5, 0.1, and nothing at the last. */
  private static final PreferenceModel JUDGE =
      comparisons -> {
        double[] p = {0.6, 0.7, 0.5, 0.1};
        List<Verdict> verdicts = new ArrayList<>();
        for (Comparison comparison : comparisons) {
          int prompt = PROMPTS.indexOf(comparison.prompt());
          verdicts.add(prompt < 4 ? Verdict.of(p[prompt]) : new Verdict.Failure("status 500"));
        }
        return verdicts;
      };

  private static Measured measured(PreferenceModel judge) {
    try (TabularPolicy policy = saying("yes");
        TabularPolicy other = saying("no");
        FrozenPolicy start = other.reference()) {
      return HeldOutMeasures.winRate(PROMPTS, judge, Sampling.of(1, 0)).measure(policy, start);
    }
  }

  @Test
  void theWinRateCountsWinsAndHalfOfTies() {
    Measured measured = measured(JUDGE);
    assertEquals((2 + 0.5) / 4, measured.value());
    assertTrue(measured.lower() <= measured.value() && measured.value() <= measured.upper());
    assertEquals(
        (0.6 + 0.7 + 0.5 + 0.1) / 4,
        measured.others().get(Metrics.HELD_OUT_PREFERENCE).orElseThrow(),
        1e-15);
    String warning = String.valueOf(measured.warning());
    assertTrue(warning.contains("failed at 1 of 5 comparisons"), warning);
    assertTrue(warning.contains("status 500"), warning);
    assertEquals(new Usage(0, 5, 5), measured.used());
    assertEquals(new Usage(0, 5, 0), measured.usedOnce());
  }

  @Test
  void aJudgeThatDecidesNothingLeavesNoValue() {
    Measured measured =
        measured(c -> Collections.nCopies(c.size(), new Verdict.Abstention("unsure")));
    assertTrue(Double.isNaN(measured.value()));
    assertEquals("the judge decided none of the 5 comparisons", measured.warning());
    assertEquals(5, measured.used().judgeCalls());
    JudgeFailedException failure =
        assertThrows(
            JudgeFailedException.class,
            () -> measured(c -> Collections.nCopies(c.size(), new Verdict.Failure("offline"))));
    assertEquals("offline", failure.reason());
  }

  @Test
  void settingsTellMeasuresApart() {
    Measure wins = HeldOutMeasures.winRate(PROMPTS, JUDGE, Sampling.of(1, 0));
    assertEquals(
        wins.settings(), HeldOutMeasures.winRate(PROMPTS, JUDGE, Sampling.of(1, 0)).settings());
    assertNotEquals(
        wins.settings(),
        HeldOutMeasures.winRate(PROMPTS.subList(0, 4), JUDGE, Sampling.of(1, 0)).settings());
    assertNotEquals(
        wins.settings(), HeldOutMeasures.winRate(PROMPTS, JUDGE, Sampling.of(2, 0)).settings());
    List<PreferencePair> pairs = List.of(PreferencePair.of(PROMPTS.get(0), "yes", "no"));
    assertEquals("0.3", HeldOutMeasures.loss(pairs, 0.3).settings().get("beta"));
  }

  @Test
  void aMeasureTakesNoSteps() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Measured.of(1).withUse(new Usage(1, 0, 0), Usage.NONE));
  }
}
