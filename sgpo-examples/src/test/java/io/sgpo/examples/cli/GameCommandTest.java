package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static io.sgpo.examples.cli.CliRun.sgpoReading;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GameCommandTest {

  private static final String CYCLE = "{\"p\":[[0.5,1,0],[0,0.5,1],[1,0,0.5]]}";
  private static final double[] THIRDS = {1 / 3.0, 1 / 3.0, 1 / 3.0};

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private static CliRun game(String input, String... options) {
    List<String> args = new ArrayList<>(List.of("game", "--matrix", "-"));
    args.addAll(List.of(options));
    return sgpoReading(input, args.toArray(String[]::new));
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  /** V = -t log[(1 + e^{-1/2t} + e^{-1/t})/3] with t = 1/4, and a uniform leader. */
  @ParameterizedTest
  @ValueSource(strings = {"exact", "gda", "mirror", "extragradient"})
  void everyStackelbergSolverFindsTheEquilibriumOfTheCycle(String solver) {
    JsonNode solved =
        game(CYCLE, "--leader-kl=0.25", "--follower-kl=0.25", "--solver=" + solver).object();
    double sum = 1 + Math.exp(-2) + Math.exp(-4);
    assertEquals(-0.25 * Math.log(sum / 3), solved.get("value").asDouble(), 1e-8);
    assertArrayEquals(THIRDS, doubles(solved.get("leader")), 1e-3);
    assertEquals(Math.exp(-2) / sum, solved.get("follower").get(0).get(0).asDouble(), 1e-3);
    assertTrue(solved.get("certificate").asDouble() <= 1e-8);
    assertEquals(solver.equals("exact") ? "exact" : "converged", solved.get("status").asText());
    assertEquals(solver.equals("exact"), solved.get("iterations").asInt() == 0);
  }

  @ParameterizedTest
  @CsvSource({"nash,0,exact", "nash,0.25,converged", "nash-md,0.25,converged", "rlhf,1,converged"})
  void thePeersPlayTheCycleUniformly(String solver, double kl, String status) {
    JsonNode solved = game(CYCLE, "--leader-kl=" + kl, "--solver=" + solver).object();
    assertArrayEquals(THIRDS, doubles(solved.get("leader")), 1e-9);
    assertArrayEquals(THIRDS, doubles(solved.get("follower").get(2)), 1e-9);
    assertEquals(solver.equals("rlhf") ? 0 : 0.5, solved.get("value").asDouble(), 1e-9);
    assertEquals(status, solved.get("status").asText());
  }

  @Test
  void withoutPenaltiesTheGameIsDeterministic() {
    JsonNode solved = game(CYCLE).object();
    assertEquals(0, solved.get("value").asDouble());
    assertArrayEquals(new double[] {1, 0, 0}, doubles(solved.get("leader")));
    assertArrayEquals(new double[] {1, 0, 0}, doubles(solved.get("follower").get(1)));
  }

  @Test
  void commaSeparatedRowsAreReadAsWell() throws IOException {
    Path file = folder.resolve("p.csv");
    Files.writeString(file, "\uFEFF0.5, 1, 0\r\n0,0.5,1\n\n1,0,0.5");
    assertEquals(
        game(CYCLE, "--leader-kl=0.1").object(),
        sgpo("game", "--matrix", file.toString(), "--leader-kl=0.1").object());
  }

  @Test
  void aFirstLineOfNamesIsReadAsSuch() {
    String names = "rock,\"paper\",scissors\n0.5,0,1\n1,0.5,0\n0,1,0.5\n";
    JsonNode solved = game(names).object();
    assertEquals("[\"rock\",\"paper\",\"scissors\"]", solved.get("items").toString());
    assertArrayEquals(new double[] {0, 1, 0}, doubles(solved.get("follower").get(0)));
    String labelled = ",rock,paper,scissors\nrock,.5,0,1\npaper,1,.5,0\nscissors,0,1,.5\n";
    assertEquals(solved, game(labelled).object());
    game(labelled.replace("\npaper", "\nscissors"))
        .assertRefused("row 1 must be that of \"paper\"", "was that of \"scissors\"");
  }

  /** As the rows of a JSON Lines file: a result a row, in order, with its id and names. */
  @Test
  void severalGamesAreSolvedInTurn() {
    String other =
        "{\"id\":7,\"items\":[\"a\",\"b\"],\"p\":[[0.5,1],[0,0.5]],\"votes\":[[0,1],[1,0]]}";
    List<JsonNode> solved = game(CYCLE + "\n\n" + other + "\n").rows();
    assertEquals(2, solved.size());
    assertEquals(0, solved.get(0).get("row").asInt());
    assertEquals("7", solved.get(1).get("id").asText());
    assertEquals("[\"a\",\"b\"]", solved.get(1).get("items").toString());
    assertEquals(0.5, solved.get(1).get("value").asDouble());
    JsonNode alone = game(other).object();
    assertEquals("7", alone.get("id").asText());
    assertFalse(alone.has("row"));
    game(CYCLE + "\n" + other.replace("[0.5,1]", "[0.5,null]"))
        .assertRefused("standard input line 2: p[0][1] must be a number, but was null");
    game(CYCLE + "\n" + other.replace("[0.5,1]", "[0.5,0.9]"))
        .assertRefused("standard input line 2: p[1][0] + p[0][1] must be 1");
    game(CYCLE.replace("0.5,1", "0.5,0.9") + "\n" + other)
        .assertRefused("standard input line 1: p[1][0] + p[0][1] must be 1");
  }

  @Test
  void packedFilesAreRead() throws IOException {
    Path file = folder.resolve("p.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(CYCLE.getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(game(CYCLE).object(), sgpo("game", "--matrix", file.toString()).object());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 12));
    sgpo("game", "--matrix", file.toString()).assertRefused("must be a whole gzip file");
    Files.write(file, new byte[] {0x1F, (byte) 0x8B, 1});
    sgpo("game", "--matrix", file.toString()).assertRefused("must be text or gzip");
    Files.write(file, new byte[] {'0', '.', '5', (byte) 0xFF});
    sgpo("game", "--matrix", file.toString()).assertRefused("must be UTF-8");
  }

  /** 1/3 and 2/3 to six decimals, rounded on their own. */
  @Test
  void roundedEntriesAreAveragedAndSaidToBe() {
    CliRun run = game("0.5,0.333334\n0.666667,0.5\n");
    assertEquals(0.5, run.object().get("value").asDouble());
    assertTrue(run.err().contains("misses 1 by up to 1.0e-06 in 1 of 1"), run.err());
    assertEquals("", game("0.5,0.333333\n0.666667,0.5\n").err());
    game("0.5,0.33334\n0.66667,0.5\n").assertRefused("p[1][0] + p[0][1] must be 1 within 2.0E-6");
  }

  @Test
  void tiesOfTheDeterministicGameAreCounted() {
    JsonNode ties = game(CYCLE).object().get("ties");
    assertEquals("{\"leaderActions\":3,\"followerRows\":0}", ties.toString());
    assertEquals(2, game("0.5,0.5\n0.5,0.5").object().get("ties").get("followerRows").asInt());
    assertFalse(game(CYCLE, "--solver=nash").object().has("ties"));
  }

  /** Every solver on the matrices that were measured, where they lie beside the project. */
  @ParameterizedTest
  @ValueSource(strings = {"exact", "mirror", "extragradient", "nash", "rlhf"})
  void measuredMatricesAreSolved(String solver) {
    Path file = shared("data/preference-matrices/cyclic-selection.jsonl");
    List<JsonNode> solved =
        sgpo(
                "game",
                "--matrix",
                file.toString(),
                "--solver=" + solver,
                kl("leader"),
                follower(solver))
            .rows();
    assertEquals(148, solved.size());
    for (JsonNode row : solved) {
      String status = row.get("status").asText();
      assertTrue(status.equals("exact") || status.equals("converged"), row::toString);
      assertTrue(row.get("certificate").asDouble() <= 1e-8, row::toString);
      assertEquals(row.get("items").size(), row.get("leader").size());
      assertEquals(1, Arrays.stream(doubles(row.get("leader"))).sum(), 1e-9);
    }
  }

  private static String kl(String player) {
    return "--" + player + "-kl=0.2";
  }

  private static String follower(String solver) {
    return solver.equals("rlhf") ? "--quiet" : kl("follower");
  }

  private static Path shared(String relative) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared").resolve(relative);
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    assumeTrue(false, "shared/" + relative + " does not lie beside the project");
    throw new AssertionError("unreachable");
  }

  @Test
  void referencesAreRead() {
    String rest = ",\"leaderReference\":[0.5,0.25,0.25],\"id\":{\"any\":[1]},";
    String shared = CYCLE.replace("}", rest + "\"followerReference\":[0.25,0.25,0.5]}");
    String rows =
        CYCLE.replace(
            "}", rest + "\"followerReference\":[[0.25,0.25,0.5],[0.25,0.25,0.5],[0.25,0.25,0.5]]}");
    JsonNode strong = game(shared, "--leader-kl=1e12", "--follower-kl=1e12").object();
    assertArrayEquals(new double[] {0.5, 0.25, 0.25}, doubles(strong.get("leader")), 1e-9);
    assertArrayEquals(new double[] {0.25, 0.25, 0.5}, doubles(strong.get("follower").get(1)), 1e-9);
    assertEquals(strong, game(rows, "--leader-kl=1e12", "--follower-kl=1e12").object());
  }

  @Test
  void budgetsAndRatiosReachTheSolver() {
    String[] options = {"--solver=gda", "--leader-kl=0.1", "--follower-kl=0.1", "--iterations=7"};
    JsonNode stopped = game(CYCLE, options).object();
    assertEquals("iteration-limit", stopped.get("status").asText());
    assertEquals(7, stopped.get("iterations").asInt());
    assertEquals(21, stopped.get("preferenceQueries").asInt());
    String[] mirror = {"--solver=mirror", "--leader-kl=0.1", "--follower-kl=0.1"};
    int usual = game(CYCLE, mirror).object().get("iterations").asInt();
    int strict =
        game(CYCLE, mirror[0], mirror[1], mirror[2], "--tolerance=1e-15")
            .object()
            .get("iterations")
            .asInt();
    int slow =
        game(CYCLE, mirror[0], mirror[1], mirror[2], "--ratio=0.01")
            .object()
            .get("iterations")
            .asInt();
    assertTrue(usual < strict && usual < slow, () -> usual + " " + strict + " " + slow);
  }

  @Test
  void whatASolverDoesNotReadIsSaid() {
    CliRun run = game(CYCLE, "--ratio=2", "--iterations=5", "--tolerance=1");
    assertEquals("exact", run.object().get("status").asText());
    for (String option : List.of("--ratio", "--iterations", "--tolerance")) {
      assertTrue(run.err().contains(option + " is not read by --solver exact"), run.err());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{\"p\":[[0.5,0.5],[0.25,0.5]]}|p[1][0] + p[0][1] must be 1",
        "{\"p\":[[0.5,2],[-1,0.5]]}|p[1][0] must be in [0, 1], but was -1.0",
        "{\"p\":[[0.5,null],[null,0.5]]}|p[0][1] must be a number, but was null; a game needs every pair",
        "{\"p\":[[0.5,\"1\"],[0,0.5]]}|p[0][1] must be a number, but was 1",
        "{\"p\":7}|p must be an array, but was 7",
        "{\"p\":[[0.5,1]]}|p must be square",
        "{\"p\":[0.5,1]}|p must be square",
        "{\"p\":[]}|at least one action",
        "{\"q\":[]}|must have a field p",
        "{\"p\":[[0.5]]} {}|line 1: must have a field p",
        "{\"p\":[[0.5]]} 7|line 1: the value must be an object, but was 7",
        "{\"p\":[[0.5]],\"p\":[[0.5]]}|line 1: Duplicate field 'p'",
        "{\"p\":[[0.5]|line 1",
        "{\"p\":[[NaN]]}|line 1",
        "{\"p\":[[0.5]],\"leaderReference\":[0.5,0.5]}|leaderReference must have as many actions",
        "{\"p\":[[0.5]],\"leaderReference\":[0.5]}|must sum to 1",
        "{\"p\":[[0.5]],\"items\":[\"a\",\"b\"]}|items must name as many actions as p has, 1",
        "{\"p\":[[0.5]],\"followerReference\":[[1],[1]]}|rows[0] must have 2 entries",
        "0.5,x|p[0][1] must be a number, but was \"x\"",
        "0.5,|p[0][1] must be a number, but was \"\"",
        "0.5,NaN|p must be square",
        "0.5d|p[0][0] must be a number, but was \"0.5d\"",
        "0.5;1|p[0][0] must be a number, but was \"0.5;1\"",
        "a,b|must hold a matrix",
        "x|p[0][0] must be a number, but was \"x\"",
        "|at least one action",
      })
  void badMatricesAreRefusedByPlaceAndValue(String input, String message) {
    game(input == null ? "" : input).assertRefused("sgpo game: standard input", message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--leader-kl=-1|leaderKl must be >= 0, but was -1.0",
        "--follower-kl=NaN|followerKl must be >= 0, but was NaN",
        "--solver=best|exact, gda, mirror, extragradient, nash, nash-md, rlhf",
        "--solver=gda --ratio=0|timescaleRatio must be finite and > 0, but was 0.0",
        "--solver=gda --iterations=0|iterations must be >= 1, but was 0",
        "--solver=mirror --tolerance=-1|tolerance must be finite and >= 0, but was -1.0",
        "--solver=mirror --leader-kl=Infinity|must be finite for an iterative solver",
        "--solver=nash-md --leader-kl=1 --follower-kl=2|--follower-kl must equal --leader-kl",
        "--solver=nash --follower-kl=2|--follower-kl must equal --leader-kl",
      })
  void badOptionsAreRefused(String options, String message) {
    game(CYCLE, options.split(" ")).assertRefused("sgpo game: ", message);
  }

  @Test
  void aMissingFileIsRefused() {
    sgpo("game", "--matrix", folder.resolve("none").toString()).assertRefused("no such file");
    sgpo("game", "--matrix", folder.toString()).assertRefused("is a folder");
    sgpo("game").assertRefused("--matrix");
  }
}
