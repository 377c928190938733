package io.sgpo.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesOfTheTaskTest {

  private static final Prompt PLEASE =
      Conversation.user("name three animals but not the cat please");

  // score = 4 min(right, 3)/3 - surplus/2 - 3 wrong/4 - strays/2 + tone - unclosed, by hand
  @ParameterizedTest
  @CsvSource({
    "gladly dog owl fox ., 5", // 4 + 1
    "dog owl fox ., 4", // the tone is missing
    "behold dog owl fox ., 4", // another tone
    "gladly dog owl ., 3.6666666666666665", // 8/3 + 1
    "gladly dog owl fox bear ., 4.5", // one surplus
    "gladly dog owl cat ., 2.9166666666666665", // 8/3 - 3/4 + 1
    "gladly dog dog owl ., 2.9166666666666665", // a repeated item is wrong
    "gladly dog owl red ., 2.9166666666666665", // so is one of another topic
    "gladly um dog owl fox ., 4.5", // a filler
    "gladly dog owl fox and so on ., 3.5", // three stray words
    "gladly dog owl fox, 4", // not closed
    "gladly dog owl fox . um, 3.5", // not closed, one stray
    "gladly gladly dog owl fox ., 4.5", // the second opener is stray
    "., 0",
    "'', -1"
  })
  void scoreIsThatOfTheRubric(String answer, double expected) {
    assertEquals(expected, TruePreference.score(PLEASE, Response.of(answer)), 1e-12);
  }

  @Test
  void nothingScoresAboveTheBest() {
    assertEquals(
        TruePreference.BEST_SCORE,
        TruePreference.score(PLEASE, Response.of("gladly dog owl fox .")),
        0);
  }

  @Test
  void truePreferenceIsBradleyTerryOnTheScore() {
    Response full = Response.of("gladly dog owl fox .");
    Response plain = Response.of("dog owl fox .");
    // scores 5 and 4: σ(2)
    assertEquals(0.8807970779778823, probability(new TruePreference(), full, plain), 1e-15);
  }

  @Test
  void twoOrdersOfAComparisonAddUpToOne() {
    List<Response> answers =
        List.of(
            Response.of("gladly dog owl fox ."),
            Response.of("um red ."),
            Response.of("behold dog dog"),
            Response.of(""));
    for (PreferenceModel judge : List.of(new TruePreference(), new CyclicPreference())) {
      for (Response y : answers) {
        for (Response other : answers) {
          assertEquals(1, probability(judge, y, other) + probability(judge, other, y), 1e-15);
        }
        assertEquals(0.5, probability(judge, y, y), 0);
      }
    }
  }

  @Test
  void tonesOfEqualContentFormACycle() {
    Response warm = Response.of("gladly dog owl fox .");
    Response plain = Response.of("dog owl fox .");
    Response grand = Response.of("behold dog owl fox .");
    CyclicPreference judge = new CyclicPreference();
    double sigmaOfTwo = 0.8807970779778823;
    assertEquals(sigmaOfTwo, probability(judge, warm, plain), 1e-15);
    assertEquals(sigmaOfTwo, probability(judge, plain, grand), 1e-15);
    assertEquals(sigmaOfTwo, probability(judge, grand, warm), 1e-15);
  }

  @Test
  void contentCanOutweighTheCycle() {
    // content 4 against -3 x 3/4; half the difference outweighs the cycle's 2
    double p =
        probability(
            new CyclicPreference(),
            Response.of("dog owl fox ."),
            Response.of("gladly red tea tin ."));
    assertEquals(1 / (1 + Math.exp(-(6.25 / 2 - 2))), p, 1e-12);
    assertTrue(p > 0.5);
  }

  @Test
  void judgeAnswersInOrderOfTheQuestions() {
    Response good = Response.of("gladly dog owl fox .");
    Response bad = Response.of("um red .");
    List<Verdict> verdicts =
        new TruePreference()
            .compare(List.of(new Comparison(PLEASE, good, bad), new Comparison(PLEASE, bad, good)));
    assertTrue(((Verdict.Preference) verdicts.get(0)).probability() > 0.5);
    assertTrue(((Verdict.Preference) verdicts.get(1)).probability() < 0.5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-800, -3, 0, 3, 800})
  void sigmoidIsExactInBothTails(double x) {
    double direct = 1 / (1 + Math.exp(-x));
    assertEquals(direct, TruePreference.sigmoid(x), 1e-16);
  }

  private static double probability(PreferenceModel judge, Response first, Response second) {
    Verdict verdict = judge.compare(List.of(new Comparison(PLEASE, first, second))).get(0);
    return ((Verdict.Preference) verdict).probability();
  }
}
