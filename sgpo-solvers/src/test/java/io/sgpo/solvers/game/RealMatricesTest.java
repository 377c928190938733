package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Every solver on measured preferences, from the data that lie beside the project. Skipped where
 * they are absent.
 */
class RealMatricesTest {

  private record Measured(String id, PreferenceGame game, JsonNode stats) {}

  private static List<Measured> read(String name) throws IOException {
    Path file = find("data/preference-matrices/" + name);
    List<Measured> games = new ArrayList<>();
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = name.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode node = new ObjectMapper().readTree(line);
        if (node.get("stats").get("complete").asBoolean()) {
          games.add(new Measured(node.get("id").asText(), game(node.get("p")), node.get("stats")));
        }
      }
    }
    return games;
  }

  private static Path find(String relative) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared").resolve(relative);
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    assumeTrue(false, "shared/" + relative + " does not lie beside the project");
    throw new AssertionError("unreachable");
  }

  /** The entries are rounded to 1e-6, so the two of a pair are averaged. */
  private static PreferenceGame game(JsonNode matrix) {
    double[][] p = new double[matrix.size()][matrix.size()];
    for (int y = 0; y < p.length; y++) {
      for (int other = 0; other < p.length; other++) {
        double there = matrix.get(y).get(other).asDouble();
        double back = matrix.get(other).get(y).asDouble();
        assertEquals(1, there + back, 2.1e-6);
        p[y][other] = (there + 1 - back) / 2;
      }
    }
    return PreferenceGame.of(p);
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
