package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.data.Preferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AlignCommandTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private static Path models;

  private static String model = "";

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Path seeds = Path.of("");
  private Path prompts = Path.of("");
  private Path output = Path.of("");

  @BeforeAll
  static void saveModel() throws IOException {
    model = TinyModel.withTokenizer(models.resolve("words")).toString();
  }

  @BeforeEach
  void writeData() throws IOException {
    seeds = folder.resolve("seed.jsonl");
    prompts = folder.resolve("prompts.jsonl");
    output = folder.resolve("run");
    List<String> pairs = new ArrayList<>();
    List<String> instructions = new ArrayList<>();
    for (String word : List.of("one", "two", "three", "four", "five", "six")) {
      pairs.add(
          "{\"prompt\":[{\"role\":\"user\",\"content\":\"say "
              + word
              + "\"}],\"chosen\":[{\"role\":\"assistant\",\"content\":\""
              + word
              + "\"}],\"rejected\":[{\"role\":\"assistant\",\"content\":\"no more "
              + word
              + "\"}]}");
      instructions.add("{\"instruction\":[{\"role\":\"user\",\"content\":\"" + word + "\"}]}");
    }
    Files.write(seeds, pairs);
    Files.write(prompts, instructions);
  }

  @Test
  void dpoWritesARunAndAModelThatPrefersTheChosen() throws IOException {
    CliRun run =
        align("dpo", "--seed-data=" + seeds, "--steps=20", "--learning-rate=0.01", "--seed=3");
    JsonNode summary = run.object();
    assertEquals("dpo", summary.get("method").asText());
    assertEquals(6, summary.get("seedData").get("read").asInt());
    assertEquals(0, summary.get("seedData").get("dropped").asInt());
    assertTrue(summary.get("metrics").get("loss").asDouble() < Math.log(2));

    JsonNode manifest = json(output.resolve("manifest.json"));
    assertEquals("finished", manifest.get("status").asText());
    assertEquals("0.01", manifest.get("options").get("learning-rate").asText());
    assertEquals("dpo", manifest.get("options").get("method").asText());
    assertEquals(3, manifest.get("options").get("seed").asInt());
    assertEquals("float32", manifest.get("options").get("dtype").asText());
    assertTrue(manifest.get("options").has("device"));
    assertFalse(manifest.get("options").has("quiet"));
    assertEquals(Manifest.digest(seeds), manifest.get("seedData").get("sha256").asText());
    assertEquals(64, manifest.get("model").get("model.safetensors").asText().length());
    assertFalse(manifest.get("versions").get("sgpo").asText().contains("$"));

    double before = margin(model);
    double after = margin(output.resolve("model").toString());
    assertTrue(after > before + 1, before + " to " + after);
  }

  @Test
  void ssapoAnnotatesInAFormThatCanBeReadAgain() throws IOException {
    CliRun run = ssapo("--rounds=2");
    JsonNode summary = run.object();
    List<String> metrics = Files.readAllLines(output.resolve("metrics.jsonl"));
    assertEquals(2, summary.get("rounds").asInt());
    assertEquals(3, metrics.size()); // the warm start is round 0
    assertEquals(0, MAPPER.readTree(metrics.get(0)).get("round").asInt());
    assertEquals(
        summary.get("metrics").get("loss"),
        MAPPER.readTree(metrics.get(metrics.size() - 1)).get("loss"));
    int annotated = 0;
    for (int round = 1; round <= 2; round++) {
      Path file = output.resolve("annotations/round-" + round + ".jsonl");
      annotated += Preferences.read(file).size();
      JsonNode first = MAPPER.readTree(Files.readAllLines(file).get(0));
      assertEquals(round, first.get("round").asInt());
      assertEquals("user", first.get("prompt").get(0).get("role").asText());
      assertEquals("assistant", first.get("chosen").get(0).get("role").asText());
      assertTrue(first.get("margin").asDouble() > 0);
      assertTrue(first.get("chosen_ids").size() > 0);
    }
    assertEquals(summary.get("annotated").asInt(), annotated);
  }

  @Test
  void spaSmoothsWhatItDoubtsAndTellsWhatTimeItTook() {
    JsonNode summary =
        align(
                "spa",
                "--seed-data=" + seeds,
                "--prompts=" + prompts,
                "--prompt-field=instruction",
                "--round-prompts=2,3",
                "--steps-per-round=3",
                "--warm-start-steps=2",
                "--warm-start-learning-rate=0.002",
                "--batch-size=4",
                "--max-new-tokens=8",
                "--learning-rate=0.001",
                "--smoothing=0.2",
                "--smoothing-delay=0",
                "--extrapolation=0.5,0",
                "--kl-penalty=optimistic",
                "--kl-temperature=2")
            .object();
    assertEquals("spa", summary.get("method").asText());
    assertEquals(2, summary.get("rounds").asInt());
    assertTrue(summary.get("metrics").get("label.smoothed").asDouble() >= 0);
    assertTrue(summary.get("secondsByPhase").get("train").asDouble() > 0);
    assertTrue(summary.get("secondsByPhase").get("annotate").asDouble() > 0);
  }

  @Test
  void lossesAndRoundsOfSsapoAreOptions() {
    JsonNode summary =
        ssapo(
                "--loss=ipo",
                "--beta=0.5",
                "--round-reference=round",
                "--round-pairs=seeds-and-newest",
                "--refresh-steps=2",
                "--support-quantile=0.1",
                "--straight-through=true")
            .object();
    assertTrue(summary.get("metrics").get("follower.clipped").asDouble() > 0);
    output = folder.resolve("refused");
    ssapo("--loss=hinge", "--tangents=6").assertRefused("--tangents must not be set", "HINGE");
    ssapo("--kl-temperature=2").assertRefused("--kl-temperature must go with --kl-penalty");
    ssapo("--kl-penalty=optimistic").assertRefused("does not read", "--kl-penalty");
    ssapo("--refresh-steps=2", "--batch-follower=true").assertRefused("--refresh-steps");
  }

  @Test
  void badRowsAndDuplicatesAreDroppedAndCountedIfAskedFor() throws IOException {
    Path bad = folder.resolve("bad.jsonl");
    List<String> good = Files.readAllLines(seeds);
    List<String> lines = new ArrayList<>(good);
    lines.add(good.get(0));
    lines.add("{}");
    lines.add("not json");
    Files.write(bad, lines);
    ssapo("--seed-data=" + bad).assertRefused("row " + (good.size() + 2), "chosen");
    CliRun run = ssapo("--seed-data=" + bad, "--drop-bad-rows=true", "--drop-duplicates=true");
    JsonNode counts = run.object().get("seedData");
    assertEquals(good.size() + 3, counts.get("read").asInt());
    assertEquals(3, counts.get("dropped").asInt());
    assertEquals(1, counts.get("droppedBy").get("must be new").asInt());
    assertEquals(1, counts.get("droppedBy").get("must be valid JSON").asInt());
    assertTrue(run.err().contains("1 (chosen must be given)"), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "farthest-point"})
  void aChoiceOfTheSeedPairsIsTrainedOn(String selection) throws IOException {
    String[] few = {"--seed-data=" + seeds, "--epochs=1", "--batch-size=1", "--learning-rate=0.01"};
    List<String> chosen = new ArrayList<>(Arrays.asList(few));
    chosen.addAll(List.of("--seed-size=2", "--seed-selection=" + selection));
    assertEquals(6, align("dpo", few).object().get("steps").asInt());
    output = folder.resolve("chosen");
    assertEquals(2, align("dpo", chosen.toArray(String[]::new)).object().get("steps").asInt());
    output = folder.resolve("refused");
    align("dpo", "--seed-data=" + seeds, "--steps=1", "--seed-selection=" + selection)
        .assertRefused("--seed-size must be set where --seed-selection is");
    align("dpo", "--seed-data=" + seeds, "--steps=1", "--seed-size=7")
        .assertRefused("--seed-size must be <=", "6, but was 7");
  }

  @Test
  void batchesAndThreadsAreOptionsAndTheMemoryHasALimit() throws IOException {
    ssapo(
            "--threads=1",
            "--batch-tokens=64",
            "--max-batch=2",
            "--memory-limit=1GiB",
            "--device=cpu",
            "--recompute=true")
        .object();
    JsonNode options = json(output.resolve("manifest.json")).get("options");
    assertEquals(2, options.get("max-batch").asInt());
    assertTrue(options.get("recompute").asBoolean());
    output = folder.resolve("refused");
    ssapo("--memory-limit=10KB").assertRefused("--memory-limit: The model needs about", "10000");
    ssapo("--memory-limit=much").assertRefused("--memory-limit", "\"much\"");
    ssapo("--max-batch=0").assertRefused("--max-batch must be >= 1, but was 0");
    ssapo("--threads=-1").assertRefused("--threads must be >= 1, but was -1");
    ssapo("--batch-tokens=0").assertRefused("--batch-tokens must be >= 1, but was 0");
    assertFalse(Files.exists(output));
  }

  @Test
  void theSameOptionsGiveTheSameBytes() throws IOException {
    ssapo("--seed=4").object();
    byte[] first = Files.readAllBytes(output.resolve("model/model.safetensors"));
    output = folder.resolve("again");
    ssapo("--seed=4").object();
    assertEquals(
        List.of(first.length, Arrays.hashCode(first)),
        hash(output.resolve("model/model.safetensors")));
    output = folder.resolve("other");
    ssapo("--seed=5").object();
    assertNotEquals(
        List.of(first.length, Arrays.hashCode(first)),
        hash(output.resolve("model/model.safetensors")));
  }

  @Test
  void slhfTrainsWithAJudge() throws IOException {
    CliRun run =
        align(
            "slhf",
            "--prompts=" + prompts,
            "--prompt-field=instruction",
            "--judge=shorter",
            "--steps=4",
            "--batch-size=3",
            "--max-new-tokens=8",
            "--learning-rate=0.001");
    assertTrue(run.object().get("metrics").has("slhf.follower-preference"), run.out());
    sgpo("refine", "--model", output.resolve("model").toString(), refinable()).object();
  }

  @Test
  void theBaselinesTrainWithTheSameJudge() throws IOException {
    for (String method : List.of("rloo", "nash-md")) {
      output = folder.resolve(method);
      CliRun run =
          align(
              method,
              "--prompts=" + prompts,
              "--prompt-field=instruction",
              "--judge=shorter",
              "--steps=2",
              "--batch-size=3",
              "--max-new-tokens=8",
              "--samples-per-prompt=2",
              "--missing-eos-penalty=0.1",
              "--learning-rate=0.001");
      assertTrue(run.object().get("metrics").has("policy.kl"), run.out());
    }
  }

  @Test
  void leaderAndFollowerGetAnAdapterEach() throws IOException {
    align(
            "slhf",
            "--prompts=" + prompts,
            "--prompt-field=instruction",
            "--judge=shorter",
            "--steps=2",
            "--batch-size=3",
            "--max-new-tokens=8",
            "--samples-per-prompt=2",
            "--baseline=leave-one-out",
            "--follower-samples=2",
            "--follower-reference=leader-prompt",
            "--leader-every=2",
            "--lora-rank=2",
            "--lora-per-role",
            "--learning-rate=0.01")
        .object();
    String adapter = output.resolve("adapter").toString();
    assertTrue(Files.exists(output.resolve("adapter/follower/adapter_config.json")));
    JsonNode refined =
        sgpo(
                "refine",
                "--model",
                model,
                "--adapter",
                adapter,
                "--steps=3",
                "--samples=2",
                "--judge=longer",
                "--stop-at-fixed-point",
                "--stop-unless-preferred=0.5",
                "--max-new-tokens=5",
                refinable())
            .object();
    assertTrue(refined.has("stop"), refined.toString());
    sgpo("refine", "--model", model, "--samples=2", refinable()).assertRefused("need --judge");
    sgpo("refine", "--model", model, "--max-tokens=0", refinable())
        .assertRefused("--max-tokens must be >= 1, but was 0");
  }

  @Test
  void aConfigurationSuppliesOptionsAndTheCommandLineWins() throws IOException {
    Path config = folder.resolve("run.yaml");
    Files.writeString(
        config,
        "method: dpo\nmodel: '%s'\nseed-data: '%s'\nsteps: 2\nlearningRate: 0.01\nbatch-size: 2\n"
            .formatted(model, seeds));
    sgpo("align", "--config", config.toString(), "--output=" + output, "--batch-size=3").object();
    JsonNode options = json(output.resolve("manifest.json")).get("options");
    assertEquals(2, options.get("steps").asInt());
    assertEquals(3, options.get("batch-size").asInt());
  }

  @Test
  void rowsThatAreTooLongAreDroppedAndCounted() throws IOException {
    // prompt <s> <user> say one <assistant>, response no more one </s>: 9 tokens
    String longer =
        Files.readAllLines(seeds).get(0).replace("\"no more one\"", "\"no no no no no no\"");
    Files.writeString(seeds, longer + "\n", StandardOpenOption.APPEND);
    CliRun run = align("dpo", "--seed-data=" + seeds, "--steps=1", "--max-length=9");
    assertEquals(7, run.object().get("seedData").get("read").asInt());
    assertEquals(1, run.object().get("seedData").get("dropped").asInt());
    assertTrue(run.err().contains("dropped 1 of 7 rows"), run.err());
    output = folder.resolve("none");
    align("dpo", "--seed-data=" + seeds, "--steps=1", "--max-length=3")
        .assertRefused("seed.jsonl", "none of its 7 rows has at most 3 tokens");
  }

  @Test
  void heldOutRowsAreReadAsTheOthersAreBeforeTheRunBegins() throws IOException {
    List<String> rows = new ArrayList<>(Files.readAllLines(seeds));
    String longer = rows.get(0).replace("\"no more one\"", "\"no no no no no no\"");
    Path heldOut = folder.resolve("held-out.jsonl");
    rows.add(longer);
    Files.write(heldOut, rows);
    String[] options = {
      "--seed-data=" + seeds, "--held-out=" + heldOut, "--steps=1", "--max-length=9"
    };
    CliRun run = align("dpo", options);
    JsonNode counts = run.object().get("heldOutPairs");
    assertEquals(7, counts.get("read").asInt());
    assertEquals(1, counts.get("dropped").asInt());
    assertTrue(run.err().contains("held-out.jsonl: dropped 1 of 7 rows"), run.err());
    assertTrue(run.err().contains("row 7 is the first too long"), run.err());
    JsonNode manifest = json(output.resolve("manifest.json"));
    assertEquals(Manifest.digest(heldOut), manifest.get("heldOutPairs").get("sha256").asText());
    assertTrue(manifest.get("heldOut").get("pairs").asText().startsWith("6 of sha256"));

    Files.write(heldOut, rows.subList(0, 6));
    assertEquals(0, align("dpo", with(options, "--resume")).status(), "the same rows");
    Files.write(heldOut, rows.subList(0, 5));
    align("dpo", with(options, "--resume")).assertRefused("heldOut.pairs was 6 of", "is 5 of");

    output = folder.resolve("bad");
    Files.write(heldOut, List.of(longer));
    align("dpo", options).assertRefused("held-out.jsonl: none of its 1 rows has at most 9 tokens");
    Files.write(heldOut, List.of(rows.get(0), "{}"));
    align("dpo", options).assertRefused("held-out.jsonl", "row 2");
    assertTrue(Files.notExists(output));
    CliRun kept = align("dpo", with(options, "--drop-bad-rows"));
    assertEquals(1, kept.object().get("heldOutPairs").get("dropped").asInt());
  }

  private static String[] with(String[] options, String more) {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.add(more);
    return all.toArray(String[]::new);
  }

  @Test
  void heldOutPromptsHaveALimitToo() throws IOException {
    Path heldOut = folder.resolve("held-out.jsonl");
    Files.writeString(
        heldOut, "{\"instruction\":\"one\"}\n{\"instruction\":\"one two three four five six\"}\n");
    String[] options = {
      "--prompts=" + prompts,
      "--held-out-prompts=" + heldOut,
      "--prompt-field=instruction",
      "--judge=shorter",
      "--steps=1",
      "--max-new-tokens=4",
      "--max-prompt-tokens=4",
      "--batch-size=1"
    };
    CliRun run = align("slhf", options);
    JsonNode counts = run.object().get("heldOutPrompts");
    assertEquals(1, counts.get("dropped").asInt(), counts::toString);
    assertTrue(run.err().contains("row 2 is the first too long"), run.err());
    JsonNode first =
        MAPPER.readTree(Files.readAllLines(output.resolve("evaluations.jsonl")).get(0));
    assertEquals(0.5, first.get("value").asDouble());
    assertEquals(0.5, first.get("others").get("held-out.preference").asDouble());
  }

  @Test
  void anOutputThatIsNotEmptyIsLeftAlone() throws IOException {
    Files.createDirectory(output);
    Path kept = Files.writeString(output.resolve("kept.txt"), "kept");
    align("dpo", "--seed-data=" + seeds, "--steps=1").assertRefused("--output", output.toString());
    assertEquals("kept", Files.readString(kept));
    assertEquals(1, output.toFile().list().length);
    output = kept;
    align("dpo", "--seed-data=" + seeds, "--steps=1").assertRefused("--output", "is a file");
  }

  @Test
  void aRunThatFailsSaysSoInItsManifest() throws IOException {
    CliRun run = ssapo("--epsilon=1e9");
    assertEquals(2, run.status(), run.err());
    assertTrue(run.err().contains("--allow-saturation"), run.err());
    assertEquals("", run.out());
    assertEquals("failed", json(output.resolve("manifest.json")).get("status").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method=ppo|--method must be one of ssapo, slhf, rloo, nash-md, dpo, iterative-dpo, spa",
        "--method=best|but was \"best\"",
        "--method=dpo --seed-data=SEEDS --judge=reward:x|--judge must name model folders, but there"
            + " is none at x",
        "--method=dpo --seed-data=SEEDS --judge=best|shorter or longer",
        "--method=rloo --prompts=PROMPTS --prompt-field=instruction --judge=longer --reward=scalar"
            + "|--judge must be a RewardFunction",
        "--method=slhf --prompts=PROMPTS --prompt-field=instruction --judge=longer"
            + " --max-new-tokens=9 --baseline=leave-one-out|--baseline",
        "--method=nash-md --prompts=PROMPTS --prompt-field=instruction --judge=longer"
            + " --mixture=2|--mixture must be in [0, 1]",
        "--method=dpo --seed-data=SEEDS --lora-per-role|need --lora-rank",
        "--method=dpo|--seed-data must be set",
        "--method=slhf --prompts=PROMPTS --prompt-field=instruction --max-new-tokens=9"
            + "|--judge must be set",
        "--method=dpo --seed-data=SEEDS --epsilon=1|engine dpo does not read the option",
        "--method=dpo --seed-data=SEEDS --learning-rate=0|--learning-rate must be",
        "--method=dpo --seed-data=SEEDS --steps=0|--steps must be >= 1, but was 0",
        "--method=dpo --seed-data=none.jsonl|none.jsonl",
        "--method=ssapo --seed-data=SEEDS --prompts=PROMPTS|prompt must be given",
        "--method=ssapo --seed-data=SEEDS --prompts=PROMPTS --prompt-field=instruction"
            + " --epsilon=1 --relative-radius=0.5|--relative-radius",
        "--method=dpo --seed-data=SEEDS --max-length=0|--max-length must be >= 1, but was 0",
        "--method=slhf --prompts=PROMPTS --prompt-field=instruction --judge=longer"
            + " --max-new-tokens=5000|--max-new-tokens must leave the follower room",
      })
  void refusesBadOptionsAndWritesNothing(String options, String message) {
    List<String> args = new ArrayList<>(List.of("align", "--model", model, "--output=" + output));
    for (String option : options.split(" ", -1)) {
      args.add(option.replace("SEEDS", seeds.toString()).replace("PROMPTS", prompts.toString()));
    }
    sgpo(args.toArray(String[]::new)).assertRefused("sgpo align: ", message);
    assertFalse(Files.exists(output));
  }

  @Test
  void anOutputThatCannotBeCreatedIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "kept");
    output = file.resolve("run");
    align("dpo", "--seed-data=" + seeds, "--steps=1").assertRefused(file.toString());
    assertEquals("kept", Files.readString(file));
  }

  @Test
  @Timeout(60)
  void anInterruptedRunEndsAndItsManifestSaysSo() throws Exception {
    AtomicReference<CliRun> ended = new AtomicReference<>();
    Thread command =
        new Thread(() -> ended.set(align("dpo", "--seed-data=" + seeds, "--steps=1000000")));
    command.start();
    while (!Files.exists(output.resolve("manifest.json")) && command.isAlive()) {
      Thread.sleep(10);
    }
    command.interrupt();
    command.join();
    CliRun run = Objects.requireNonNull(ended.get());
    assertEquals(1, run.status());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("was interrupted"), run.err());
    assertFalse(run.err().contains("Exception"), run.err());
    JsonNode manifest = json(output.resolve("manifest.json"));
    assertEquals("cancelled", manifest.get("status").asText());
    assertFalse(Files.exists(output.resolve("model")));
  }

  private CliRun ssapo(String... options) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--seed-data=" + seeds,
                "--prompts=" + prompts,
                "--prompt-field=instruction",
                "--rounds=1",
                "--steps-per-round=3",
                "--warm-start-steps=2",
                "--batch-size=4",
                "--max-new-tokens=8",
                "--learning-rate=0.001"));
    for (String option : options) {
      String name = option.substring(0, option.indexOf('=') + 1);
      all.removeIf(earlier -> earlier.startsWith(name));
      all.add(option);
    }
    return align("ssapo", all.toArray(String[]::new));
  }

  private CliRun align(String method, String... options) {
    List<String> args =
        new ArrayList<>(
            List.of("align", "--method", method, "--model", model, "--output=" + output));
    args.addAll(List.of(options));
    return sgpo(args.toArray(String[]::new));
  }

  /** How much better the chosen responses of the seeds score than the rejected ones. */
  private double margin(String modelFolder) throws IOException {
    double margin = 0;
    for (String side : List.of("chosen", "rejected")) {
      Path file = folder.resolve(side + ".jsonl");
      List<String> rows = new ArrayList<>();
      for (String line : Files.readAllLines(seeds)) {
        rows.add(line.replace("\"" + side + "\"", "\"response\""));
      }
      Files.write(file, rows);
      for (JsonNode row : sgpo("score", "--model", modelFolder, file.toString()).rows()) {
        margin += (side.equals("chosen") ? 1 : -1) * row.get("logProb").asDouble();
      }
    }
    return margin;
  }

  private String refinable() throws IOException {
    Path file = folder.resolve("answers.jsonl");
    return Files.writeString(
            file, "{\"prompt\":[{\"role\":\"user\",\"content\":\"say one\"}],\"answer\":\"two\"}\n")
        .toString();
  }

  private static List<Integer> hash(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return List.of(bytes.length, Arrays.hashCode(bytes));
  }

  private static JsonNode json(Path file) throws IOException {
    return MAPPER.readTree(file.toFile());
  }
}
