package io.sgpo.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.eval.HeldOutMeasures;
import io.sgpo.policy.Sampling;
import io.sgpo.run.HeldOut;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class RunReportTest {

  private static final TinyWorld WORLD = new TinyWorld(3);
  private static final String HOSTILE = "<script>alert('x')</script>&\"</pre>";

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private static Path runs;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @BeforeAll
  static void run() {
    try (TabularPolicy policy = WORLD.policy()) {
      WORLD
          .rounds(policy)
          .warmStartEpochs(1)
          .epochsPerRound(1)
          .heldOut(
              HeldOut.of(
                  HeldOutMeasures.winRate(
                      TinyWorld.PROMPTS, TinyWorld.judge(), Sampling.of(4, 11))))
          .runDirectory(runs.resolve("ssapo"))
          .build()
          .align();
    }
    try (TabularPolicy policy = WORLD.policy().withFollowUps(Refiner.IMPROVE_INSTRUCTION)) {
      Aligner.builder()
          .engine("slhf")
          .policy(policy)
          .prompts(TinyWorld.PROMPTS)
          .preferenceModel(TinyWorld.judge())
          .learningRate(0.05)
          .batchSize(5)
          .steps(14)
          .runDirectory(runs.resolve("slhf"))
          .build()
          .align();
    }
  }

  private static String report(String run) throws IOException {
    return RunReport.of(runs.resolve(run)).html();
  }

  private static void assertShows(String page, String... texts) {
    for (String text : texts) {
      assertTrue(page.contains(text), () -> "must contain " + text);
    }
  }

  @Test
  void aRunOfPairsShowsItsFollowerAndItsGaps() throws IOException {
    String page = report("ssapo");
    assertShows(
        page,
        "<h1>Run of ssapo</h1>",
        "The run is finished.",
        "Win rate against the start",
        "Gaps of round 1",
        "Weights against margins",
        "Effective sample size",
        "Dual price of the radius",
        "Saturation and moved share",
        "Norm of the gradient",
        "<h4>Chosen</h4>",
        "Settings of the engine, with defaults");
    assertShows(page, "This engine learns from pairs, so there are no curves of players.");
    assertFalse(page.contains("id=\"preference-title\""));
  }

  @Test
  void aRunOfPlayersShowsLeaderAndFollower() throws IOException {
    String page = report("slhf");
    assertShows(page, "Run of slhf", "KL to the reference", "<h4>Leader", "<h4>Follower");
    assertShows(
        page,
        "No gaps of pairs were recorded",
        "Nothing was measured on held-out data",
        "No follower weighted the pairs",
        "This engine does not learn from pairs");
  }

  /** An element that names itself twice, or a reference to none, breaks readers' software. */
  @Test
  void idsAreUniqueAndReferencesHold() throws IOException {
    for (String run : List.of("ssapo", "slhf")) {
      String page = report(run);
      Set<String> ids = new HashSet<>();
      matches(" id=\"([^\"]*)\"", page).forEach(id -> assertTrue(ids.add(id), id));
      matches("aria-labelledby=\"([^\"]*)\"", page)
          .forEach(names -> assertTrue(ids.containsAll(List.of(names.split(" "))), names));
      matches("href=\"#([^\"]*)\"", page).forEach(id -> assertTrue(ids.contains(id), id));
      matches("url\\(#([^)]*)\\)", page).forEach(id -> assertTrue(ids.contains(id), id));
    }
  }

  @Test
  void everyFigureIsWellFormedAndHasWordsAndATable() throws Exception {
    String page = report("ssapo");
    List<String> figures = matches("(?s)<figure>(.*?)</figure>", page);
    assertTrue(figures.size() >= 10, () -> "figures: " + figures.size());
    for (String figure : figures) {
      String svg = matches("(?s)(<svg.*?</svg>)", figure).get(0);
      var root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(svg)));
      assertEquals(1, root.getElementsByTagName("title").getLength());
      assertEquals(1, root.getElementsByTagName("desc").getLength());
      int marks =
          root.getElementsByTagName("polyline").getLength()
              + root.getElementsByTagName("circle").getLength();
      assertTrue(marks > 0, svg);
      assertFalse(svg.contains("NaN"), svg);
      assertTrue(figure.contains("<table>") && figure.contains("<figcaption>"), figure);
      assertTrue(matches("(?s)<tbody>(.*?)</tbody>", figure).get(0).contains("<td>"), figure);
    }
  }

  @Test
  void thePageReachesForNothing() throws IOException {
    String page = report("ssapo") + report("slhf");
    assertFalse(page.contains("http:") || page.contains("https:") || page.contains("<script"));
    for (String address : matches("(?:href|src)=\"([^\"]*)\"", page)) {
      assertTrue(address.startsWith("#") || address.equals("data:,"), address);
    }
    assertFalse(page.contains("@import") || page.contains("<object") || page.contains("<iframe"));
  }

  @Test
  void whatIsWrittenInARunStaysText() throws IOException {
    Path run = hostile();
    String page = RunReport.of(run).html();
    assertFalse(page.contains("<script"), "a script of the run");
    assertShows(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;&lt;/pre&gt;");
    assertEquals(count("<pre>", page), count("</pre>", page));
  }

  /** The same text as prompt, answers, player, setting, metric, measure, engine and error. */
  private Path hostile() throws IOException {
    String text = HOSTILE.replace("\"", "\\\"");
    Path run = Files.createDirectories(folder.resolve("hostile"));
    Files.createDirectories(run.resolve("annotations"));
    Files.writeString(
        run.resolve("manifest.json"),
        """
        {"engine":"%1$s","status":"failed","error":"%1$s","settings":{"%1$s":"%1$s"},"%1$s":"%1$s"}
        """
            .formatted(text));
    Files.writeString(run.resolve("metrics.jsonl"), "{\"round\":1,\"%s\":1}\n".formatted(text));
    Files.writeString(
        run.resolve("evaluations.jsonl"),
        "{\"step\":1,\"measure\":\"%s\",\"value\":1}\n".formatted(text));
    Files.writeString(
        run.resolve("annotations/round-1.jsonl"),
        "{\"prompt\":\"%1$s\",\"chosen\":\"%1$s\",\"rejected\":\"%1$s\",\"margin\":1}\n"
            .formatted(text));
    Files.writeString(
        run.resolve("answers.jsonl"),
        """
        {"prompt":[{"role":"user","content":"%1$s"},{"role":"%1$s","content":""}],\
        "answers":[{"player":"%1$s","text":"%1$s","score":"NaN"}]}
        """
            .formatted(text));
    return run;
  }

  @Test
  void aRunThatHasJustBegunHasAReport() throws IOException {
    Path run = Files.createDirectories(folder.resolve("new"));
    Files.writeString(run.resolve("manifest.json"), "{\"engine\":\"dpo\",\"status\":\"running\"}");
    Files.writeString(run.resolve("steps.jsonl"), "{\"round\":0,\"step\":1,\"loss\":0.5");
    String page = RunReport.of(run).html();
    assertShows(page, "The run is running.", "No training step was taken yet.", "Not in this run");
    assertFalse(page.contains("<figure>"));
  }

  @Test
  void valuesThatAreNoNumbersAreLeftOutOfFigures() throws IOException {
    Path run = Files.createDirectories(folder.resolve("nan"));
    Files.writeString(run.resolve("manifest.json"), "{\"engine\":\"dpo\",\"status\":\"failed\"}");
    Files.writeString(
        run.resolve("steps.jsonl"),
        """
        {"round":0,"step":1,"loss":0.5,"gradientNorm":"NaN"}
        {"round":0,"step":2,"loss":"Infinity","gradientNorm":1}
        """);
    String page = RunReport.of(run).html();
    assertShows(page, "<td>∞</td>", "<td>–</td>");
    matches("points=\"([^\"]*)\"", page).forEach(p -> assertFalse(p.contains("N"), p));
  }

  @Test
  void equalFilesGiveEqualPagesAndTheFileIsThePage() throws IOException {
    Path file = folder.resolve("page.html");
    RunReport.of(runs.resolve("ssapo")).write(file);
    assertEquals(report("ssapo"), Files.readString(file));
  }

  @Test
  void whatIsNoRunIsRefusedByTheFileAtFault() throws IOException {
    String missing =
        assertThrows(CheckpointException.class, () -> RunReport.of(folder)).getMessage();
    assertTrue(missing.contains("manifest.json"), missing);
    Path run = Files.createDirectories(folder.resolve("damaged"));
    Files.writeString(run.resolve("manifest.json"), "{}");
    Files.writeString(run.resolve("metrics.jsonl"), "{\n{}\n");
    String damaged = assertThrows(CheckpointException.class, () -> RunReport.of(run)).getMessage();
    assertTrue(damaged.contains("metrics.jsonl") && damaged.contains("line 1"), damaged);
  }

  private static int count(String part, String text) {
    return matches(Pattern.quote(part), text).size();
  }

  private static List<String> matches(String pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(matcher.groupCount()));
    }
    return found;
  }
}
