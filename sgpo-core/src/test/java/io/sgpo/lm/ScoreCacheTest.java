package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scores of a reference are computed once. */
class ScoreCacheTest {

  private final List<Row> scored = new ArrayList<>();

  private List<LogProbs> ask(ScoreCache cache, double temperature, Row... rows) {
    return cache.scores(
        List.of(rows),
        temperature,
        missing -> {
          scored.addAll(missing);
          return missing.stream().map(row -> score(row, temperature)).toList();
        });
  }

  private static LogProbs score(Row row, double temperature) {
    double[] values = new double[row.responseLength()];
    for (int t = 0; t < values.length; t++) {
      values[t] = temperature * row.ids()[row.promptLength() + t] + row.promptLength();
    }
    return LogProbs.of(values);
  }

  private static Row row(int prompt, int... ids) {
    return new Row(ids, prompt);
  }

  @Test
  void aRowIsScoredOnceForEveryPromptResponseAndTemperature() {
    ScoreCache cache = new ScoreCache(100);
    Row one = row(1, 3, 4, 5);
    Row two = row(2, 3, 4, 5);
    List<LogProbs> expected = List.of(score(one, 1), score(two, 1), score(one, 1));
    assertEquals(expected, ask(cache, 1, one, two, row(1, 3, 4, 5)));
    assertEquals(2, scored.size());
    assertEquals(expected, ask(cache, 1, row(1, 3, 4, 5), two, one));
    assertEquals(2, scored.size());
    assertEquals(List.of(score(one, 2)), ask(cache, 2, one));
    assertEquals(3, scored.size());
  }

  @Test
  void whatWasNotAskedForLongestGoesFirst() {
    ScoreCache cache = new ScoreCache(4);
    Row one = row(1, 9, 1, 1);
    Row two = row(1, 9, 2, 2);
    Row three = row(1, 9, 3, 3);
    ask(cache, 1, one, two);
    ask(cache, 1, one);
    ask(cache, 1, three);
    assertEquals(List.of(one, two, three), scored);
    ask(cache, 1, one, three);
    assertEquals(3, scored.size());
    ask(cache, 1, two);
    assertEquals(4, scored.size());
  }

  @Test
  void withoutRoomNothingIsHeldAndEqualRowsOfACallAreStillScoredOnce() {
    ScoreCache cache = new ScoreCache(0);
    Row row = row(1, 3, 4);
    assertEquals(List.of(score(row, 1), score(row, 1)), ask(cache, 1, row, row));
    assertEquals(1, scored.size());
    ask(cache, 1, row);
    assertEquals(2, scored.size());
  }

  @Test
  void aReferenceScoresAsWithoutTheCache() throws IOException {
    GoldenModel golden = GoldenModel.of(GoldenModel.SMALL);
    List<Exchange> exchanges = golden.dpoItems().stream().map(TrainingItem::exchange).toList();
    CausalLmOptions cached = GoldenModel.OPTIONS.withReferenceCacheTokens(10_000);
    try (CausalLm policy = CausalLm.load(golden.folder(), cached);
        FrozenPolicy reference = policy.reference()) {
      List<LogProbs> first = reference.logProbs(exchanges);
      assertEquals(policy.logProbs(exchanges), first);
      for (int i = 0; i < exchanges.size(); i++) {
        // alone, the last bits could differ
        assertEquals(first.subList(i, i + 1), reference.logProbs(exchanges.subList(i, i + 1)));
      }
    }
  }

  @Test
  void aNegativeSizeIsRefused() {
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> CausalLmOptions.DEFAULT.withReferenceCacheTokens(-1),
        "referenceCacheTokens",
        "-1");
  }
}
