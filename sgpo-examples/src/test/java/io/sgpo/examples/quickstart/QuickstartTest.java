package io.sgpo.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.examples.cli.JsonOutput;
import io.sgpo.examples.cli.ProgressBars;
import io.sgpo.examples.cli.UsageException;
import io.sgpo.lm.CausalLm;
import io.sgpo.text.Renderer;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program with a budget of seconds: everything runs, nothing is learned to speak of. */
class QuickstartTest {

  private static final Settings MICRO =
      new Settings(
          2,
          12,
          new Settings.Pretraining(16, 1, 2, 200, 12, 16, 1e-2),
          new Settings.Data(12, 0.25, 6, 8, 2),
          new Settings.Training(0.1, 1e-3, 8, 2, 2, 2),
          new Settings.Game(2, 4, 1e-3, 0.01, 0.01, 5));

  @TempDir private static Path output;

  private static Results results;

  @BeforeAll
  static void run() throws IOException {
    results = new Quickstart(MICRO, output, 1, new ProgressBars(false), note -> {}).run();
  }

  @Test
  void everyMethodIsMeasuredInEveryTrial() {
    assertEquals(2, results.trials().size());
    for (TrialResult trial : results.trials()) {
      assertEquals(
          Contender.all().stream().map(Contender::name).toList(),
          List.copyOf(trial.contenders().keySet()));
      assertEquals(12, trial.pairs());
      assertEquals(3, trial.flips());
      assertEquals(16, trial.start().winRate().comparisons());
      assertEquals(0, trial.start().kl().mean(), 1e-6);
      trial.contenders().forEach((name, marks) -> assertTrue(marks.kl().standardError() > 0, name));
    }
    assertNotEquals(results.trials().get(0).start(), results.trials().get(1).start());
  }

  @Test
  void trialsSideBySideGiveTheSameNumbers(@TempDir Path other) throws IOException {
    Results again = new Quickstart(MICRO, other, 2, new ProgressBars(false), note -> {}).run();
    for (int i = 0; i < again.trials().size(); i++) {
      assertEquals(results.trials().get(i).contenders(), again.trials().get(i).contenders());
      assertEquals(results.trials().get(i).game(), again.trials().get(i).game());
    }
  }

  @Test
  void gameIsMeasuredInBothRoles() {
    GameMarks marks = results.trials().get(0).game();
    assertEquals(1, marks.leaderTones().values().stream().mapToDouble(share -> share).sum(), 1e-9);
    assertEquals(16, marks.followerOverLeader().comparisons());
    assertEquals(5, results.trials().get(0).chain().answers().size());
  }

  @Test
  void pretrainingLowersTheLoss() {
    // a uniform guess costs log of the vocabulary's size per word
    assertTrue(results.pretrainingLoss() < Math.log(Vocabulary.tokens().size()) - 0.5);
  }

  @Test
  void jsonHasEveryTrialAndEqualsTheSavedFile() throws IOException {
    StringWriter text = new StringWriter();
    new JsonOutput(text).object(json -> JsonReport.write(results, json));
    JsonNode printed = new ObjectMapper().readTree(text.toString());
    assertEquals(2, printed.get("trials").size());
    double rate = results.trials().get(1).marks("ceiling").winRate().rate();
    assertEquals(rate, printed.at("/trials/1/contenders/ceiling/winRate/rate").doubleValue(), 0);
    assertEquals(printed, new ObjectMapper().readTree(output.resolve("results.json").toFile()));
  }

  @Test
  void tableHasALineForEveryMethodAndEverySentenceItsInterval() {
    List<String> lines = TextReport.lines(results);
    for (Contender contender : Contender.all()) {
      assertTrue(lines.stream().anyMatch(line -> line.contains(contender.name() + ": ")));
    }
    for (Finding finding : Findings.contest(results.trials())) {
      assertTrue(lines.contains("  " + finding.sentence()));
    }
  }

  @Test
  void savedModelsSpeakTheLanguage() throws IOException {
    try (CausalLm model = CausalLm.load(OutputFolder.model(output, 2, Contest.GAME))) {
      assertEquals(Vocabulary.tokens().size(), model.config().vocabularySize());
      Exchange exchange =
          new Exchange(Conversation.user("name two games"), Response.of("chess golf ."));
      assertEquals(4, model.logProbs(List.of(exchange)).get(0).size()); // three words and the end
    }
  }

  @Test
  void everyWordIsOneTokenThereAndBack() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (Renderer renderer = Renderer.load(output.resolve(OutputFolder.START))) {
      for (Request request : Request.all().subList(0, 60)) {
        String answer = ImperfectAuthor.answer(request, random);
        int[] ids =
            renderer
                .exchange(new Exchange(request.prompt(), Response.of(answer)))
                .response()
                .toArray();
        List<String> words = new ArrayList<>();
        for (int id : ids) {
          words.add(Vocabulary.tokens().get(id));
        }
        assertEquals(answer + " " + Vocabulary.END, String.join(" ", words));
      }
    }
  }

  @Test
  void anotherRunTakesTheFolderOverButNotSomeoneElses(@TempDir Path other) throws IOException {
    Files.createDirectories(other.resolve("seed-7").resolve("dpo"));
    UsageException refused = assertThrows(UsageException.class, () -> OutputFolder.prepare(other));
    assertTrue(String.valueOf(refused.getMessage()).contains(other.toString()));
    assertTrue(Files.exists(other.resolve("seed-7")));

    Path ours = other.resolve("ours");
    OutputFolder.prepare(ours);
    Files.createDirectories(ours.resolve("seed-7").resolve("dpo"));
    Files.writeString(ours.resolve("seed-7").resolve("dpo").resolve("config.json"), "{}");
    Files.writeString(ours.resolve("notes.txt"), "mine");
    OutputFolder.prepare(ours);
    assertFalse(Files.exists(ours.resolve("seed-7")));
    assertTrue(Files.exists(ours.resolve("notes.txt")));
  }

  @Test
  void fewerThanTwoSeedsAreRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> MICRO.withSeeds(1));
    assertTrue(String.valueOf(refused.getMessage()).contains("seeds must be >= 2"));
    assertTrue(String.valueOf(refused.getMessage()).contains("was 1"));
  }

  @Test
  void sentencesSayNoMoreThanTheIntervalShows() {
    assertTrue(sentence(0.1).startsWith("a wins more often than b: +10."));
    assertTrue(sentence(-0.1).startsWith("a wins less often than b: -10."));
    assertTrue(sentence(0.0).startsWith("no difference between a and b is shown"));
  }

  private static String sentence(double shift) {
    List<TrialResult> trials = results.trials();
    return Finding.of(
            "a", trial -> 0.5 + shift + 0.001 * (trial.seed() - 1.5), "b", trial -> 0.5, trials)
        .sentence();
  }

  @Test
  void scheduleWarmsUpAndFallsToZero() {
    assertEquals(0.2, StartingModel.schedule(0, 100), 1e-12);
    assertEquals(1, StartingModel.schedule(4, 100), 1e-12);
    assertTrue(StartingModel.schedule(50, 100) > StartingModel.schedule(80, 100));
    assertTrue(StartingModel.schedule(99, 100) < 0.01);
  }
}
