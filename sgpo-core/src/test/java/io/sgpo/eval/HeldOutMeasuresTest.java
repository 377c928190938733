package io.sgpo.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.judge.CountingJudge;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Measure;
import io.sgpo.run.Measured;
import io.sgpo.tabular.TabularPolicy;
import io.sgpo.testing.Refusals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two prompts with two answers, whose logits are known. */
class HeldOutMeasuresTest {

  private static final Prompt RAIN = Conversation.user("rain?");
  private static final Prompt SNOW = Conversation.user("snow?");
  private static final List<PreferencePair> PAIRS =
      List.of(PreferencePair.of(RAIN, "yes", "no"), PreferencePair.of(SNOW, "yes", "no"));

  private TabularPolicy startPolicy;
  private FrozenPolicy start;

  /** log π(yes) − log π(no) is the difference of the logits. */
  private static TabularPolicy policy(double rain, double snow) {
    Map<Prompt, List<Response>> candidates = new HashMap<>();
    candidates.put(RAIN, List.of(Response.of("yes"), Response.of("no")));
    candidates.put(SNOW, List.of(Response.of("yes"), Response.of("no")));
    return TabularPolicy.of(
        candidates, Map.of(RAIN, new double[] {rain, 0}, SNOW, new double[] {snow, 0}));
  }

  @BeforeEach
  void start() {
    startPolicy = policy(0.5, -1);
    start = startPolicy.reference();
  }

  @AfterEach
  void close() {
    start.close();
    startPolicy.close();
  }

  @Test
  void lossIsTheMeanLogisticLossOfTheGapsAgainstTheStart() {
    Measure loss = HeldOutMeasures.loss(PAIRS, 0.5);
    assertEquals("held-out.loss", loss.name());
    assertFalse(loss.higherIsBetter());
    assertEquals(Math.log(2), loss.of(startPolicy, start), 1e-12);
    try (TabularPolicy trained = policy(2.5, -2)) {
      // gaps 0.5 (2.5 − 0.5) = 1 and 0.5 (−2 + 1) = −0.5
      double expected = (Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(0.5))) / 2;
      assertEquals(expected, loss.of(trained, start), 1e-12);
    }
  }

  @Test
  void accuracyCountsPairsThatGainedAndHalfOfThoseThatStayed() {
    Measure accuracy = HeldOutMeasures.accuracy(PAIRS);
    assertTrue(accuracy.higherIsBetter());
    assertEquals(0.5, accuracy.of(startPolicy, start));
    try (TabularPolicy gained = policy(0.6, -2);
        TabularPolicy stayed = policy(0.6, -1)) {
      assertEquals(0.5, accuracy.of(gained, start));
      assertEquals(0.75, accuracy.of(stayed, start));
    }
  }

  /** A measure that kept the scores of one start must not use them for another. */
  @Test
  void anotherStartIsScoredAnew() {
    Measure loss = HeldOutMeasures.loss(PAIRS, 1);
    loss.of(startPolicy, start);
    try (TabularPolicy other = policy(3, 3);
        FrozenPolicy otherStart = other.reference()) {
      assertEquals(Math.log(2), loss.of(other, otherStart), 1e-12);
    }
  }

  @Test
  void moreThanAChunkOfPairsIsScoredInOrder() {
    List<PreferencePair> many =
        IntStream.range(0, 150).mapToObj(i -> PAIRS.get(i < 149 ? 0 : 1)).toList();
    try (TabularPolicy trained = policy(1.5, -3)) {
      double expected = (149 * Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(2))) / 150;
      assertEquals(expected, HeldOutMeasures.loss(many, 1).of(trained, start), 1e-12);
    }
  }

  @Test
  void anIntervalHoldsTheMeanAndIsAFunctionOfTheObservations() {
    Measure loss = HeldOutMeasures.loss(PAIRS, 1);
    try (TabularPolicy trained = policy(2.5, -2)) {
      Measured measured = loss.measure(trained, start);
      assertTrue(measured.lower() < measured.value() && measured.value() < measured.upper());
      assertEquals(measured, HeldOutMeasures.loss(PAIRS, 1).measure(trained, start));
      // of two observations a resample's mean is one of them, the other, or their mean
      assertEquals(Math.log1p(Math.exp(-2)), measured.lower(), 1e-12);
      assertEquals(Math.log1p(Math.exp(1)), measured.upper(), 1e-12);
    }
  }

  @Test
  void winRateIsOverTheStartsAnswers() {
    PreferenceModel yes =
        PreferenceModel.of(
            c ->
                c.first().text().equals(c.second().text())
                    ? 0.5
                    : c.first().text().equals("yes") ? 1 : 0);
    try (TabularPolicy says = policy(100, 100);
        TabularPolicy denies = policy(-100, -100);
        FrozenPolicy denied = denies.reference()) {
      Measure wins = HeldOutMeasures.winRate(List.of(RAIN, SNOW), yes, Sampling.of(4, 3));
      assertTrue(wins.higherIsBetter());
      assertEquals(0.5, wins.of(denies, denied));
      assertEquals(1, wins.of(says, denied));
    }
  }

  @Test
  void theStartAnswersOnceAndUndecidedPromptsDoNotCount() {
    CountingJudge judge =
        CountingJudge.of(
            comparisons ->
                comparisons.stream()
                    .map(
                        c ->
                            c.prompt().equals(RAIN)
                                ? Verdict.of(0.8)
                                : new Verdict.Abstention("snow"))
                    .toList());
    Measure wins = HeldOutMeasures.winRate(List.of(RAIN, SNOW), judge, Sampling.of(4, 3));
    assertEquals(1, wins.of(startPolicy, start));
    assertEquals(1, wins.of(startPolicy, start));
    assertEquals(4, judge.comparisons());
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    Refusals.assertNames(
        IllegalArgumentException.class, () -> HeldOutMeasures.loss(List.of(), 1), "pairs");
    Refusals.assertNames(
        IllegalArgumentException.class, () -> HeldOutMeasures.loss(PAIRS, 0), "beta", "0.0");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> HeldOutMeasures.winRate(List.of(), c -> List.of(), Sampling.of(4, 3)),
        "prompts");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () ->
            HeldOutMeasures.winRate(
                List.of(RAIN), c -> List.of(), Sampling.of(4, 3).withSamplesPerPrompt(2)),
        "samplesPerPrompt",
        "2");
  }
}
