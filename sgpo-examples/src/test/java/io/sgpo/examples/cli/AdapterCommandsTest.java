package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters: {@code align} trains one, {@code --adapter} uses it, {@code export} merges it. */
final class AdapterCommandsTest {

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private static Path folder;

  private static String model = "";
  private static Path pairs = Path.of("");
  private static Path exchanges = Path.of("");
  private static Path adapter = Path.of("");

  @BeforeAll
  static void trainAnAdapter() throws IOException {
    model = TinyModel.withTokenizer(folder.resolve("words")).toString();
    pairs = folder.resolve("seed.jsonl");
    exchanges = folder.resolve("exchanges.jsonl");
    List<String> rows = new ArrayList<>();
    for (String word : List.of("one", "two", "three", "four")) {
      rows.add(
          """
          {"prompt":[{"role":"user","content":"say %s"}],\
          "chosen":[{"role":"assistant","content":"%s"}],\
          "rejected":[{"role":"assistant","content":"no more %s"}]}"""
              .formatted(word, word, word));
    }
    Files.write(pairs, rows);
    Files.writeString(
        exchanges,
        """
        {"prompt_ids":[1,6,7],"response_ids":[8,9,2]}
        {"prompt_ids":[1],"response_ids":[30]}
        """);
    Path output = folder.resolve("run");
    JsonNode summary =
        align(output, "--lora-rank=4", "--lora-alpha=16", "--lora-targets=all-linear").object();
    adapter = output.resolve("adapter");
    assertEquals(adapter.toString(), summary.get("adapter").asText());
    assertFalse(summary.has("model"));
    assertFalse(Files.exists(output.resolve("model")));
  }

  private static CliRun align(Path output, String... options) {
    List<String> args =
        new ArrayList<>(
            List.of("align", "--method=dpo", "--model=" + model, "--seed-data=" + pairs));
    args.addAll(List.of("--steps=5", "--learning-rate=0.02", "--output=" + output));
    args.addAll(List.of(options));
    return sgpo(args.toArray(String[]::new));
  }

  @Test
  void theAdapterIsInPeftsLayout() throws IOException {
    JsonNode config = json(adapter.resolve("adapter_config.json"));
    assertEquals(4, config.get("r").asInt());
    assertEquals(16, config.get("lora_alpha").asInt());
    assertEquals(7, config.get("target_modules").size());
    assertEquals(model, config.get("base_model_name_or_path").asText());
    assertTrue(Files.exists(adapter.resolve("adapter_model.safetensors")));
  }

  @ParameterizedTest
  @CsvSource({"float32, 1e-4", "float16, 0.01", "bfloat16, 0.1"})
  void theMergedModelScoresAsTheAdapterDoes(String dtype, double tolerance) throws IOException {
    Path merged = folder.resolve("merged-" + dtype);
    JsonNode result =
        sgpo(
                "export",
                "--model=" + model,
                "--adapter=" + adapter,
                "--output=" + merged,
                "--dtype=" + dtype,
                "--shard-size=2KB")
            .object();
    assertEquals(dtype, result.get("dtype").asText());
    assertEquals(dtype, json(merged.resolve("config.json")).get("torch_dtype").asText());
    assertTrue(Files.exists(merged.resolve("model.safetensors.index.json")));
    assertTrue(Files.exists(merged.resolve("tokenizer.json")));
    List<Double> adapted = scores("--model=" + model, "--adapter=" + adapter);
    List<Double> whole = scores("--model=" + merged);
    for (int i = 0; i < whole.size(); i++) {
      assertEquals(adapted.get(i), whole.get(i), tolerance);
    }
    assertNotEquals(scores("--model=" + model), adapted);
  }

  @Test
  void ofAnAdapterForEachRoleTheOneThatIsNamedIsMerged() throws IOException {
    Path prompts = folder.resolve("prompts.jsonl");
    Files.writeString(prompts, "{\"prompt\":\"one\"}\n{\"prompt\":\"two three\"}\n");
    Path output = folder.resolve("roles");
    sgpo(
            "align",
            "--method=slhf",
            "--model=" + model,
            "--prompts=" + prompts,
            "--judge=shorter",
            "--steps=3",
            "--batch-size=2",
            "--max-new-tokens=6",
            "--learning-rate=0.05",
            "--lora-rank=2",
            "--lora-per-role",
            "--output=" + output)
        .object();
    String both = output.resolve("adapter").toString();
    List<Double> leader = scores("--model=" + model, "--adapter=" + both);
    List<Double> follower = scores("--model=" + model, "--adapter=" + both + "/follower");
    assertNotEquals(leader, follower);
    assertNear(leader, scores("--model=" + merged(both, "default")));
    assertNear(leader, scores("--model=" + merged(both, "leader", "--role=leader")));
    assertNear(follower, scores("--model=" + merged(both, "follower", "--role=follower")));
  }

  private static void assertNear(List<Double> expected, List<Double> found) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), found.get(i), 1e-4);
    }
  }

  private static Path merged(String from, String name, String... options) {
    Path merged = folder.resolve("merged-role-" + name);
    List<String> args = new ArrayList<>(List.of("export", "--model=" + model, "--adapter=" + from));
    args.add("--output=" + merged);
    args.addAll(List.of(options));
    assertEquals(
        name.equals("follower") ? "follower" : "leader",
        sgpo(args.toArray(String[]::new)).object().get("role").asText());
    return merged;
  }

  @Test
  void bfloat16ScoresNearly() {
    List<Double> exact = scores("--model=" + model, "--adapter=" + adapter);
    List<Double> rounded =
        scores("--model=" + model, "--adapter=" + adapter, "--dtype", "bfloat16");
    for (int i = 0; i < exact.size(); i++) {
      assertEquals(exact.get(i), rounded.get(i), 0.1);
    }
    assertNotEquals(exact, rounded);
  }

  @Test
  void anAdapterIsTrainedOnAndKeepsItsShape() throws IOException {
    Path output = folder.resolve("more");
    align(output, "--adapter=" + adapter, "--dtype=bfloat16").object();
    Path more = output.resolve("adapter");
    assertEquals(4, json(more.resolve("adapter_config.json")).get("r").asInt());
    assertNotEquals(
        scores("--model=" + model, "--adapter=" + adapter),
        scores("--model=" + model, "--adapter=" + more));
    JsonNode digests = json(output.resolve("manifest.json")).get("adapter");
    assertTrue(digests.has("adapter_model.safetensors"));
  }

  @Test
  void anAdapterThatIsTrainedOnHasTheRunsDropout() {
    Path first = folder.resolve("dropout");
    align(first, "--lora-rank=4", "--lora-dropout=0.5", "--lora-targets=all-linear").object();
    String given = "--adapter=" + first.resolve("adapter");
    List<List<Double>> scores = new ArrayList<>();
    for (String seed : List.of("--seed=1", "--seed=1", "--seed=2")) {
      Path output = folder.resolve("dropout-" + scores.size());
      align(output, given, seed).object();
      scores.add(scores("--model=" + model, "--adapter=" + output.resolve("adapter")));
    }
    assertEquals(scores.get(0), scores.get(1));
    // the order of the pairs in a batch, which the seed changes too, is no more than rounding
    double apart = Math.abs(scores.get(0).get(0) - scores.get(2).get(0));
    assertTrue(apart > 1e-3, () -> "apart: " + apart);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--lora-rank=0|--lora-rank must be in [1, 65536], but was 0",
        "--lora-rank=4 --lora-alpha=-1|--lora-alpha must be finite and > 0, but was -1.0",
        "--lora-rank=4 --lora-dropout=1|--lora-dropout must be in [0, 1), but was 1.0",
        "--lora-rank=4 --lora-targets=q_proj,wq|\"wq\"",
        "--lora-alpha=4|need --lora-rank",
        "--lora-rank=4 --adapter=ADAPTER|not both",
        "--adapter=/none|--adapter must be an adapter's folder, but there is none at /none",
        "--dtype=int8|must be one of float32, bfloat16, but was \"int8\"",
      })
  void refusedByAlign(String options, String message) {
    String[] split = options.replace("ADAPTER", adapter.toString()).split(" ");
    align(folder.resolve("refused"), split).assertRefused("sgpo align: ", message);
    assertFalse(Files.exists(folder.resolve("refused")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--dtype=int8|must be one of float32, float16, bfloat16",
        "--shard-size=0|must be a number of bytes such as 800MB or 5GB, but was \"0\"",
        "--shard-size=5XB|\"5XB\"",
        "--shard-size=999999999999999GB|\"999999999999999GB\"",
        "--adapter=/none|there is none at /none",
        "--output=FULL|--output must be",
        "--role=judge|must be one of leader, follower, but was \"judge\"",
        "--role=follower|--role follower needs an adapter for each role, but",
      })
  void refusedByExport(String option, String message) throws IOException {
    Path full = Files.createDirectories(folder.resolve("full"));
    Files.writeString(full.resolve("note.txt"), "mine");
    List<String> args = new ArrayList<>(List.of("export", "--model=" + model));
    String given = option.replace("FULL", full.toString());
    for (String needed : List.of("--adapter=" + adapter, "--output=" + folder.resolve("out"))) {
      if (!given.startsWith(needed.substring(0, needed.indexOf('=') + 1))) {
        args.add(needed);
      }
    }
    args.add(given);
    sgpo(args.toArray(String[]::new)).assertRefused("sgpo export: ", message);
    assertFalse(Files.exists(folder.resolve("out")));
  }

  private static List<Double> scores(String... options) {
    List<String> args = new ArrayList<>(List.of("score"));
    args.addAll(List.of(options));
    args.add(exchanges.toString());
    return sgpo(args.toArray(String[]::new)).rows().stream()
        .map(row -> row.get("logProb").asDouble())
        .toList();
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }
}
