package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.solvers.SharedData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every solver on measured preferences, from the data that lie beside the project. Skipped where
 * they are absent.
 */
class RealMatricesTest {

  private record Measured(String id, PreferenceGame game, JsonNode stats) {}

  private static List<Measured> read(String name) throws IOException {
    List<Measured> games = new ArrayList<>();
    for (JsonNode node : SharedData.rows("data/preference-matrices/" + name)) {
      if (node.get("stats").get("complete").asBoolean()) {
        PreferenceGame game = PreferenceGame.ofRounded(matrix(node.get("p")), 2.1e-6);
        games.add(new Measured(node.get("id").asText(), game, node.get("stats")));
      }
    }
    return games;
  }

  /** NaN where a pair was never compared. */
  private static double[][] matrix(JsonNode rows) {
    double[][] p = new double[rows.size()][rows.size()];
    for (int y = 0; y < p.length; y++) {
      for (int other = 0; other < p.length; other++) {
        p[y][other] = rows.get(y).get(other).asDouble(Double.NaN);
      }
    }
    return p;
  }

  private static List<Measured> selected() throws IOException {
    List<Measured> games = new ArrayList<>(read("cyclic-selection.jsonl"));
    games.addAll(read("game-agents.jsonl.gz"));
    games.addAll(read("pandalm-model-level.jsonl.gz"));
    games.addAll(read("llmfao-model-level.jsonl.gz"));
    games.addAll(read("alpaca-eval-derived.jsonl.gz"));
    return games;
  }

  @Test
  void measuredGamesAreSolvedAndCertified() throws IOException {
    List<Measured> games = selected();
    assertTrue(games.size() > 150, () -> "only " + games.size() + " games");
    for (Measured measured : games) {
      PreferenceGame game = measured.game();
      StackelbergSolution plain = StackelbergEquilibrium.solve(game, KlStrengths.NONE);
      assertTrue(plain.value() <= 0.5, measured::id);
      assertEquals(!game.weakCondorcetWinners().isEmpty(), plain.value() == 0.5, measured::id);
      NashSolution nash = Nash.solve(game);
      assertEquals(SolveStatus.EXACT, nash.status(), measured::id);
      assertTrue(nash.certificate() < 1e-9, () -> measured.id() + " " + nash.certificate());
      KlStrengths kl = KlStrengths.both(0.1);
      StackelbergSolution soft = StackelbergEquilibrium.solve(game, kl);
      assertTrue(soft.bounds().gap() < 1e-12, measured::id);
      RlhfSolution rlhf = new Rlhf().solve(game, 1, Feedback.full());
      assertEquals(SolveStatus.CONVERGED, rlhf.status(), measured::id);
      double[] chances =
          IteratedRefinement.expectedChances(soft, Distribution.uniform(game.size()), 3);
      assertTrue(chances[0] > 0 && chances[2] <= 1 + 1e-12, measured::id);
    }
  }

  /** The census of the data was taken by other code; every matrix, complete or not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cyclic-selection.jsonl",
        "llmfao-sparse.jsonl.gz",
        "llmfao-cliques.jsonl.gz",
        "llmfao-model-level.jsonl.gz",
        "pandalm.jsonl.gz",
        "pandalm-model-level.jsonl.gz",
        "alpaca-eval-derived.jsonl.gz",
        "game-agents.jsonl.gz"
      })
  void cyclesAndWinnersAreThoseOfTheCensus(String name) throws IOException {
    List<JsonNode> rows = SharedData.rows("data/preference-matrices/" + name);
    assertFalse(rows.isEmpty());
    for (JsonNode row : rows) {
      String id = row.get("id").asText();
      JsonNode stats = row.get("stats");
      MajorityGraph graph = MajorityGraph.of(matrix(row.get("p")));
      assertEquals(stats.get("n").asInt(), graph.size(), id);
      assertEquals(stats.get("observed_pairs").asInt(), graph.comparedPairs(), id);
      assertEquals(stats.get("complete").asBoolean(), graph.complete(), id);
      assertEquals(stats.get("triangles").asLong(), graph.triangles(), id);
      assertEquals(stats.get("cycles3").asLong(), graph.cyclicTriangles(), id);
      assertEquals(stats.get("has_cycle").asBoolean(), graph.hasCycle(), id);
      assertEquals(
          stats.get("largest_cycle_component").asInt(), graph.largestCyclicComponent(), id);
      JsonNode winner = stats.get("condorcet_winner");
      if (graph.complete()) {
        assertEquals(
            winner.isNull() ? OptionalInt.empty() : OptionalInt.of(winner.asInt()),
            graph.condorcetWinner(),
            id);
        assertEquals(
            PreferenceGame.ofRounded(matrix(row.get("p")), 2.1e-6).weakCondorcetWinners(),
            graph.weakCondorcetWinners(),
            id);
      } else {
        assertEquals("n/a", winner.asText(), id);
      }
    }
  }

  @Test
  void strictWinnersAreThoseOfTheCensus() throws IOException {
    int winners = 0;
    for (Measured measured : selected()) {
      JsonNode winner = measured.stats().get("condorcet_winner");
      if (winner.isInt()) {
        winners++;
        assertTrue(measured.game().weakCondorcetWinners().contains(winner.asInt()), measured::id);
      }
    }
    assertTrue(winners > 5, "winners " + winners);
  }

  @Test
  void iterationsConvergeOnMeasuredCycles() throws IOException {
    StackelbergGda mirror =
        new StackelbergGda(
            GdaOptions.builder()
                .geometry(Geometry.ENTROPIC)
                .rowWeight(GdaOptions.RowWeight.EQUAL)
                .build());
    StackelbergGda published = new StackelbergGda(GdaOptions.builder().build());
    NashMirrorDescent nash = new NashMirrorDescent(NashOptions.builder().build());
    for (Measured measured : read("cyclic-selection.jsonl")) {
      PreferenceGame game = measured.game();
      assertEquals(
          SolveStatus.CONVERGED, mirror.solve(game, KlStrengths.both(0.1)).status(), measured::id);
      assertEquals(SolveStatus.CONVERGED, nash.solve(game, 0.1).status(), measured::id);
      if (game.size() <= 5) {
        assertEquals(
            SolveStatus.CONVERGED,
            published.solve(game, KlStrengths.both(0.2)).status(),
            measured::id);
      }
    }
  }
}
