package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.examples.Sgpo;
import io.sgpo.examples.faults.KillHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code align} stopped by a budget or a signal and gone on with, to the bytes of a whole run. */
@Timeout(180)
final class ResumeCommandTest {

  private static final int STEPS = 8;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private static Path folder;

  private static String model = "";
  private static Path prompts = Path.of("");
  private static Path pairs = Path.of("");
  private static Map<String, String> whole = Map.of();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path runs;

  @BeforeAll
  static void runWithoutAStop() throws IOException {
    model = TinyModel.withTokenizer(folder.resolve("words")).toString();
    prompts = folder.resolve("prompts.jsonl");
    pairs = folder.resolve("pairs.jsonl");
    List<String> questions = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (String word : List.of("one", "two", "three", "four", "five", "six")) {
      questions.add("{\"instruction\":\"" + word + "\"}");
      rows.add("{\"prompt\":\"%1$s\",\"chosen\":\" %1$s\",\"rejected\":\" no\"}".formatted(word));
    }
    Files.write(prompts, questions);
    Files.write(pairs, rows);
    slhf(folder.resolve("whole"), STEPS).object();
    whole = KillHarness.files(folder.resolve("whole"));
    assertTrue(whole.containsKey("model/model.safetensors"), whole.keySet().toString());
    assertEquals(STEPS, whole.get("steps.jsonl").lines().count());
  }

  private static List<String> arguments(Path output, int steps, String... more) {
    List<String> arguments = new ArrayList<>(List.of("align", "--method=slhf"));
    arguments.addAll(List.of("--model=" + model, "--output=" + output, "--threads=1"));
    arguments.addAll(List.of("--prompts=" + prompts, "--prompt-field=instruction"));
    arguments.addAll(List.of("--judge=shorter", "--steps=" + steps, "--batch-size=3"));
    arguments.addAll(List.of("--max-new-tokens=8", "--learning-rate=0.01"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static CliRun slhf(Path output, int steps, String... more) {
    return sgpo(arguments(output, steps, more).toArray(String[]::new));
  }

  private static JsonNode manifest(Path run) throws IOException {
    return new ObjectMapper().readTree(run.resolve("manifest.json").toFile());
  }

  @ParameterizedTest
  @CsvSource({
    "--max-steps=3, step-budget, 3",
    "--max-tokens=20, token-budget, 1",
    "--max-judge-calls=7, judge-budget, 3",
    "--max-minutes=0.00000001, time-budget, 0",
  })
  void aBudgetStopsTheRunAndWithoutItTheRunGoesOn(String budget, String ending, int steps)
      throws IOException {
    Path run = runs.resolve("run");
    JsonNode stopped = slhf(run, STEPS, "--resume", budget).object();
    assertEquals(ending, stopped.get("ending").asText());
    assertEquals(steps, stopped.get("steps").asInt());
    assertEquals("stopped", manifest(run).get("status").asText());
    assertEquals(ending, manifest(run).get("ending").asText());
    JsonNode finished = slhf(run, STEPS, "--resume").object();
    assertEquals("finished", finished.get("ending").asText());
    assertEquals(STEPS, finished.get("steps").asInt());
    assertEquals(3 * STEPS, finished.get("judgeCalls").asInt());
    assertEquals(whole, KillHarness.files(run));
  }

  @Test
  void aRunIsGoneOnWithOnlyIfAskedForAndOnlyAsTheSameRun() throws IOException {
    Path run = runs.resolve("run");
    slhf(run, STEPS, "--resume", "--max-steps=2").object();
    slhf(run, STEPS).assertRefused("--output: ", "holds a run; --resume goes on with it");
    slhf(run, STEPS, "--resume", "--leader-kl=0.5").assertRefused("leaderKl was ", " and is 0.5");
    List<String> longer = arguments(run, STEPS, "--resume");
    longer.set(longer.indexOf("--judge=shorter"), "--judge=longer");
    sgpo(longer.toArray(String[]::new)).assertRefused("was shorter and is longer");
    slhf(run, STEPS, "--resume=false").assertRefused("holds a run");
    assertEquals(2, Files.readAllLines(run.resolve("steps.jsonl")).size());
    slhf(run, STEPS, "--resume").object();
    assertEquals(whole, KillHarness.files(run));
  }

  @Test
  void aRoundBasedRunThatAnnotatesIsGoneOnWithToo() throws IOException {
    String[] options = {
      "align",
      "--method=ssapo",
      "--model=" + model,
      "--seed-data=" + pairs,
      "--threads=1",
      "--prompts=" + prompts,
      "--prompt-field=instruction",
      "--rounds=2",
      "--steps-per-round=3",
      "--warm-start-steps=2",
      "--batch-size=4",
      "--max-new-tokens=8",
      "--learning-rate=0.01",
      "--held-out=" + pairs,
      "--evaluate-every=2",
      "--lora-rank=2",
      "--resume"
    };
    sgpo(with(options, "--output=" + runs.resolve("whole"))).object();
    Path run = runs.resolve("run");
    for (int steps : new int[] {1, 4, 6}) {
      JsonNode stopped = sgpo(with(options, "--output=" + run, "--max-steps=" + steps)).object();
      assertEquals(steps, stopped.get("steps").asInt());
    }
    sgpo(with(options, "--output=" + run)).object();
    Map<String, String> left = KillHarness.files(run);
    assertTrue(left.containsKey("adapter/adapter_model.safetensors"), left.keySet().toString());
    assertEquals(KillHarness.files(runs.resolve("whole")), left);
  }

  private static String[] with(String[] options, String... more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** A step budget that no budget of the build reaches before the signal. */
  @Test
  void aProcessThatIsToldToStopLeavesACheckpointAndIsGoneOnWith() throws Exception {
    int steps = 120;
    Path run = runs.resolve("run");
    Path log = runs.resolve("log");
    Process process = start(arguments(run, steps, "--resume", "--checkpoint-every=2"), log);
    while (process.isAlive() && !checkpointed(run)) {
      Thread.sleep(5);
    }
    assertTrue(process.isAlive(), () -> "it ended before the signal: " + read(log));
    process.destroy(); // SIGTERM
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it did not end");
    assertEquals("cancelled", manifest(run).get("status").asText(), () -> read(log));
    assertEquals(128 + 15, process.exitValue(), () -> read(log));
    assertFalse(Files.exists(run.resolve("model")));
    long done = Files.readAllLines(run.resolve("steps.jsonl")).size();
    assertTrue(done >= 2 && done < steps, "steps: " + done);
    slhf(run, steps, "--resume").object();
    slhf(runs.resolve("whole"), steps, "--resume").object();
    assertEquals(KillHarness.files(runs.resolve("whole")), KillHarness.files(run));
  }

  private static Process start(List<String> arguments, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Sgpo.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static boolean checkpointed(Path run) throws IOException {
    Path checkpoints = run.resolve("checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return false;
    }
    try (var entries = Files.list(checkpoints)) {
      return entries.anyMatch(entry -> !entry.getFileName().toString().startsWith("."));
    }
  }

  @Test
  void heldOutPromptsAreReadFromTheFieldOfPrompts() throws IOException {
    Path run = runs.resolve("run");
    slhf(run, 2, "--held-out-prompts=" + prompts).object();
    List<String> measured = Files.readAllLines(run.resolve("evaluations.jsonl"));
    assertTrue(measured.get(0).contains("held-out.win-rate"), measured.toString());
    Path other = Files.writeString(runs.resolve("other.jsonl"), "{\"prompt\":\"one\"}\n");
    slhf(runs.resolve("refused"), 2, "--held-out-prompts=" + other)
        .assertRefused("other.jsonl", "instruction must be given");
  }
}
