package io.sgpo.solvers.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.SharedData;
import io.sgpo.solvers.game.KlStrengths;
import io.sgpo.solvers.game.StackelbergEquilibrium;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MatrixEstimatesTest {

  /** a beats b in 2 of 3 with one tie, b beats c, c beats a: a cycle. */
  private static PreferenceMatrixEstimate.Builder cycle() {
    return PreferenceMatrixEstimate.builder("a", "b", "c")
        .add(1, 0, 1, 1)
        .add(2, 1, 0, 0.1)
        .add(3, 0, 1, 0.5)
        .add(4, 1, 2, 0.9)
        .add(5, 2, 0, 1)
        .abstain(0, 2)
        .fail(2, 0)
        .add(8, 2, 0, 0.5);
  }

  @Test
  void winsAndHalfTiesByHand() {
    PreferenceMatrixEstimate matrix = cycle().build(1);
    double ab = 2.5 / 3;
    assertArrayEquals(new double[] {0.5, ab, 0.25}, matrix.rates()[0], 1e-15);
    assertArrayEquals(new double[] {1 - ab, 0.5, 1}, matrix.rates()[1], 1e-15);
    assertArrayEquals(new double[] {0.75, 0, 0.5}, matrix.rates()[2], 1e-15);
    JudgedCell ca = matrix.cell(2, 0);
    assertEquals(2, ca.comparisons());
    assertEquals(1, ca.abstentions());
    assertEquals(1, ca.failures());
    assertEquals((1 + 0.9 + 0.5) / 3, matrix.cell(0, 1).meanPreference(), 1e-15);
    assertEquals((0 + 0.1 + 0.5) / 3, matrix.cell(1, 0).meanPreference(), 1e-15);
    assertEquals(1, matrix.majority().cyclicTriangles());
    assertEquals(OptionalInt.empty(), matrix.majority().condorcetWinner());
    assertTrue(matrix.complete());
    assertEquals(
        0.25, StackelbergEquilibrium.solve(matrix.toGame(), KlStrengths.NONE).value(), 1e-15);
  }

  @Test
  void bothSidesOfAPairMirrorEachOther() {
    PreferenceMatrixEstimate matrix = cycle().build(200, 0.9, 4);
    WinRate there = matrix.cell(0, 1).winRate();
    WinRate back = matrix.cell(1, 0).winRate();
    assertNotNull(there);
    assertNotNull(back);
    assertEquals(there.rate(), 1 - back.rate(), 1e-15);
    assertEquals(there.lower(), 1 - back.upper(), 1e-15);
    assertEquals(there.upper(), 1 - back.lower(), 1e-15);
    assertEquals(there.wins(), back.losses());
    assertEquals(there.ties(), back.ties());
    assertEquals(0.9, there.confidence());
  }

  @Test
  void pairsThatWereNeverDecidedStayEmpty() {
    PreferenceMatrixEstimate matrix =
        PreferenceMatrixEstimate.builder(List.of("a", "b", "c"))
            .add(1, 0, 1, 1)
            .abstain(0, 2)
            .build(1);
    assertNull(matrix.cell(0, 2).winRate());
    assertFalse(matrix.cell(2, 0).compared());
    assertEquals(1, matrix.cell(2, 0).abstentions());
    assertEquals(0, matrix.cell(2, 0).comparisons());
    assertTrue(Double.isNaN(matrix.rates()[1][2]) && Double.isNaN(matrix.rates()[2][1]));
    assertFalse(matrix.complete());
    assertEquals(1, matrix.majority().comparedPairs());
    assertEquals(
        "every pair must have been decided at least once, but c and a never were",
        assertThrows(IllegalStateException.class, matrix::toGame).getMessage());
  }

  /** Comparisons of one prompt are resampled together. */
  @Test
  void intervalsAreClusteredByPrompt() {
    var repeated = PreferenceMatrixEstimate.builder("a", "b");
    var single = PreferenceMatrixEstimate.builder("a", "b");
    SplittableRandom random = new SplittableRandom(5);
    for (int prompt = 0; prompt < 60; prompt++) {
      double preference = random.nextInt(2);
      single.add(prompt, 0, 1, preference);
      for (int again = 0; again < 5; again++) {
        repeated.add(prompt, 0, 1, preference);
      }
    }
    WinRate once = single.build(3).cell(0, 1).winRate();
    WinRate often = repeated.build(3).cell(0, 1).winRate();
    assertNotNull(once);
    assertNotNull(often);
    assertEquals(60, often.clusters());
    assertEquals(300, often.comparisons());
    assertEquals(once.lower(), often.lower(), 1e-12);
    assertEquals(once.upper(), often.upper(), 1e-12);
    assertTrue(once.lower() < once.rate() && once.rate() < once.upper());
  }

  @Test
  void theSeedDecidesAndPairsDoNotDependOnEachOther() {
    assertEquals(cycle().build(3).cell(1, 0), cycle().build(3).cell(1, 0));
    JudgedCell alone =
        PreferenceMatrixEstimate.builder("a", "b", "c")
            .add(1, 0, 1, 1)
            .add(2, 1, 0, 0.1)
            .add(3, 0, 1, 0.5)
            .build(3)
            .cell(1, 0);
    assertEquals(cycle().build(3).cell(1, 0), alone);
  }

  /** Followers b and c on the answers of a and b; the cell of c on b was never judged. */
  @Test
  void correctionsByHand() {
    CorrectionMatrixEstimate matrix =
        CorrectionMatrixEstimate.builder(List.of("b", "c"), List.of("a", "b"))
            .add(1, 0, 0, 1)
            .add(2, 0, 0, 0.5)
            .add(1, 0, 1, 0.2)
            .add(1, 1, 0, 0.7)
            .fail(1, 1)
            .build(9);
    assertArrayEquals(new double[] {0.75, 0}, matrix.rates()[0], 1e-15);
    assertEquals(1, matrix.rates()[1][0]);
    assertTrue(Double.isNaN(matrix.rates()[1][1]));
    assertEquals(1, matrix.cell(1, 1).failures());
    assertEquals(2, matrix.cell(0, 0).comparisons());
    assertEquals(List.of("b", "c"), matrix.followers());
    assertEquals(List.of("a", "b"), matrix.authors());
  }

  @Test
  void badArgumentsAreNamed() {
    PreferenceMatrixEstimate.Builder pairs = PreferenceMatrixEstimate.builder("a", "b");
    assertEquals(
        "policies must be at least 2, but were 1",
        Refusals.message(() -> PreferenceMatrixEstimate.builder("a")));
    assertEquals(
        "policies must have different names, but a came twice",
        Refusals.message(() -> PreferenceMatrixEstimate.builder("a", "a")));
    assertEquals(
        "second must be in [0, 2), but was 2", Refusals.message(() -> pairs.add(0, 0, 2, 1)));
    assertEquals(
        "first and second must be different policies, but both were 1",
        Refusals.message(() -> pairs.add(0, 1, 1, 1)));
    assertEquals(
        "preferences must be in [0, 1], but preference 0 was 1.5",
        Refusals.message(() -> pairs.add(0, 0, 1, 1.5)));
    assertEquals(
        "resamples must be >= 1, but was 0",
        Refusals.message(() -> pairs.add(0, 0, 1, 1).build(0, 0.9, 1)));
    assertEquals(
        "first must be in [0, 2), but was -1", Refusals.message(() -> pairs.add(0, -1, 1, 1)));
    PreferenceMatrixEstimate matrix = pairs.add(0, 0, 1, 1).build(1);
    assertEquals(List.of("a", "b"), matrix.policies());
    assertEquals("first must be in [0, 2), but was 2", Refusals.message(() -> matrix.cell(2, 0)));
    assertEquals("second must be in [0, 2), but was 2", Refusals.message(() -> matrix.cell(0, 2)));
    assertEquals(
        "first and second must be different policies, but both were 1",
        Refusals.message(() -> matrix.cell(1, 1)));
  }

  @Test
  void badArgumentsOfCorrectionsAreNamed() {
    CorrectionMatrixEstimate.Builder corrections =
        CorrectionMatrixEstimate.builder(List.of("a"), List.of("b", "c"));
    assertEquals(
        "follower must be in [0, 1), but was 1", Refusals.message(() -> corrections.abstain(1, 0)));
    assertEquals(
        "authors must be at least 1, but were 0",
        Refusals.message(() -> CorrectionMatrixEstimate.builder(List.of("a"), List.of())));
    CorrectionMatrixEstimate matrix = corrections.abstain(0, 1).add(0, 0, 0, 1).build(1);
    assertEquals(1, matrix.cell(0, 1).abstentions());
    assertEquals(
        "follower must be in [0, 1), but was 1", Refusals.message(() -> matrix.cell(1, 0)));
    assertEquals("author must be in [0, 2), but was 2", Refusals.message(() -> matrix.cell(0, 2)));
    assertEquals(
        "author must be in [0, 2), but was -1",
        Refusals.message(() -> corrections.add(0, 0, -1, 1)));
    assertEquals(
        "followers must be at least 1, but were 0",
        Refusals.message(() -> CorrectionMatrixEstimate.builder(List.of(), List.of("b"))));
  }

  /** The votes of PandaLM's annotators give the matrices that the data state. */
  @Test
  void measuredVotesGiveTheMeasuredMatrix() throws IOException {
    JsonNode expected = null;
    for (JsonNode row : SharedData.rows("data/preference-matrices/pandalm-model-level.jsonl.gz")) {
      expected = row.get("judge").asText().equals("gpt-3.5") ? row : expected;
    }
    assertNotNull(expected);
    Map<String, Integer> index = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (JsonNode item : expected.get("items")) {
      index.put(item.asText(), names.size());
      names.add(item.asText());
    }
    PreferenceMatrixEstimate.Builder judged = PreferenceMatrixEstimate.builder(names);
    Map<String, Double> labels = Map.of("1", 1.0, "2", 0.0, "tie", 0.5);
    for (JsonNode pair : SharedData.rows("data/preference-matrices/pandalm-pairs.jsonl.gz")) {
      Double label = labels.get(pair.get("gpt-3.5").asText());
      int first = index.getOrDefault(pair.get("model1").asText(), -1);
      int second = index.getOrDefault(pair.get("model2").asText(), -1);
      if (label == null) {
        judged.abstain(first, second);
      } else {
        judged.add(pair.get("prompt_id").asInt(), first, second, label);
      }
    }
    PreferenceMatrixEstimate matrix = judged.build(50, 0.95, 1);
    for (int i = 0; i < names.size(); i++) {
      for (int j = 0; j < names.size(); j++) {
        assertEquals(expected.get("p").get(i).get(j).asDouble(), matrix.rates()[i][j], 1e-6);
        if (i != j) {
          assertEquals(
              expected.get("votes").get(i).get(j).asInt(), matrix.cell(i, j).comparisons());
        }
      }
    }
    assertEquals(
        expected.get("stats").get("condorcet_winner").asInt(),
        matrix.majority().condorcetWinner().orElseThrow());
  }
}
