package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.examples.Sgpo;
import io.sgpo.lm.CausalLm;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code score}, {@code generate} and {@code refine} against the calls they stand for. */
final class ModelCommandsTest {

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private static Path models;

  private static String model = "";
  private static String idsOnly = "";

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @BeforeAll
  static void saveModels() throws IOException {
    model = TinyModel.withTokenizer(models.resolve("words")).toString();
    idsOnly = TinyModel.withoutTokenizer(models.resolve("ids")).toString();
  }

  /** What a command prints on a terminal: standard output, and what bars leave on the other. */
  private static List<String> onATerminal(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream bars = new ByteArrayOutputStream();
    StringWriter out = new StringWriter();
    System.setErr(new PrintStream(bars, true, UTF_8));
    try {
      PrintWriter err = new PrintWriter(new StringWriter());
      assertEquals(0, Sgpo.run(new Terminal(InputStream.nullInputStream(), out, err, true), args));
    } finally {
      System.setErr(before);
    }
    return List.of(out.toString(), bars.toString(UTF_8));
  }

  @Test
  void drawingShowsABarOnATerminalOnly() throws IOException {
    Path prompts = rows("{\"prompt\":\"say one\"}", "{\"prompt\":\"two\"}");
    Path answers =
        Files.writeString(
            folder.resolve("answers.jsonl"), "{\"prompt\":\"say one\",\"answer\":\"two\"}\n");
    String[] generate = {
      "generate", "--model", model, "--samples=3", "--max-new-tokens=4", prompts.toString()
    };
    String[] refine = {"refine", "--model", model, "--max-new-tokens=4", answers.toString()};
    List<String> drawn = onATerminal(generate);
    assertEquals(sgpo(generate).out(), drawn.get(0));
    assertTrue(drawn.get(1).contains("generate") && drawn.get(1).contains("6/6"), drawn.get(1));
    List<String> refined = onATerminal(refine);
    assertEquals(sgpo(refine).out(), refined.get(0));
    assertTrue(refined.get(1).contains("refine") && refined.get(1).contains("1/1"), refined.get(1));
    String[] quiet = Arrays.copyOf(generate, generate.length + 1);
    quiet[generate.length] = "--quiet";
    assertFalse(onATerminal(quiet).get(1).contains("generate"));
  }

  @Test
  void theBarOfJudgingReachesItsEnd() throws IOException {
    Path answers =
        rows(
            "{\"prompt\":\"say one\",\"answer\":\"two\"}",
            "{\"prompt\":\"two\",\"answer\":\"one\"}");
    String[] refine = {
      "refine",
      "--model",
      model,
      "--judge=shorter",
      "--steps=2",
      "--max-new-tokens=4",
      answers.toString()
    };
    List<String> refined = onATerminal(refine);
    assertEquals(sgpo(refine).out(), refined.get(0));
    String bars = refined.get(1);
    assertTrue(bars.contains("judging"), bars);
    String judging = bars.substring(bars.lastIndexOf("judging"));
    assertTrue(judging.contains("4/4"), bars);
  }

  @Test
  void scoresIdsInInputOrder() throws IOException {
    Path file =
        rows(
            "{\"prompt_ids\":[1,6,7],\"response_ids\":[8,9,2]}",
            "{\"prompt_ids\":[1],\"response_ids\":[30]}");
    List<JsonNode> rows = sgpo("score", "--model", idsOnly, file.toString()).rows();
    List<LogProbs> expected;
    try (CausalLm policy = CausalLm.load(Path.of(idsOnly))) {
      expected =
          policy.logProbs(
              List.of(
                  new Exchange(TokenPrompt.of(1, 6, 7), Response.ofTokens(Tokens.of(8, 9, 2))),
                  new Exchange(TokenPrompt.of(1), Response.ofTokens(Tokens.of(30)))));
    }
    assertEquals(2, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(expected.get(i).sum(), rows.get(i).get("logProb").asDouble());
      assertArrayEquals(
          expected.get(i).toArray(), doubles(rows.get(i).get("tokenLogProbs")), "row " + i);
      assertEquals(expected.get(i).size(), rows.get(i).get("tokens").asInt());
    }
    assertEquals(3, rows.get(0).get("tokens").asInt());
  }

  @Test
  void scoresConversationsThroughTheChatTemplate() throws IOException {
    Path file =
        rows(
            "{\"prompt\":[{\"role\":\"user\",\"content\":\"say a word\"}],"
                + "\"response\":[{\"role\":\"assistant\",\"content\":\"red dog\"}]}",
            // <s> <user> say a word <assistant> | red dog </s>, from the tokenizer's vocabulary
            "{\"prompt_ids\":[1,3,6,7,8,4],\"response_ids\":[16,19,2]}");
    List<JsonNode> rows = sgpo("score", "--model", model, file.toString()).rows();
    assertEquals(3, rows.get(0).get("tokens").asInt());
    assertArrayEquals(
        doubles(rows.get(1).get("tokenLogProbs")), doubles(rows.get(0).get("tokenLogProbs")), 1e-6);
  }

  @Test
  void scoresAtATemperature() throws IOException {
    Path file = rows("{\"prompt_ids\":[1,6],\"response_ids\":[8]}");
    double one = score(file);
    assertEquals(one, score(file, "--temperature", "1"));
    double hot = score(file, "--temperature", "1e6");
    assertEquals(-Math.log(TinyModel.VOCABULARY), hot, 1e-4); // uniform in the limit
    assertNotEquals(one, hot);
  }

  @Test
  void scoresMoreRowsThanAChunk() throws IOException {
    String[] lines =
        IntStream.range(0, 300)
            .mapToObj(
                i -> "{\"prompt_ids\":[1],\"response_ids\":[" + i % TinyModel.VOCABULARY + "]}")
            .toArray(String[]::new);
    List<JsonNode> rows = sgpo("score", "--model", idsOnly, rows(lines).toString()).rows();
    assertEquals(300, rows.size());
    double sum = 0;
    for (JsonNode row : rows.subList(0, TinyModel.VOCABULARY)) {
      sum += Math.exp(row.get("logProb").asDouble());
    }
    assertEquals(1, sum, 1e-5); // one response per token: all of the distribution
  }

  @Test
  void generatesWhatThePolicyDraws() throws IOException {
    Path file =
        rows(
            "{\"prompt\":[{\"role\":\"user\",\"content\":\"say a word\"}]}",
            "{\"prompt_ids\":[1,6,7]}");
    List<JsonNode> rows =
        sgpo(
                "generate",
                "--model",
                model,
                "--max-new-tokens",
                "9",
                "--temperature",
                "0.7",
                "--top-p",
                "0.9",
                "--top-k",
                "20",
                "--samples",
                "2",
                "--seed",
                "5",
                file.toString())
            .rows();
    List<List<Sample>> expected;
    try (CausalLm policy = CausalLm.load(Path.of(model))) {
      expected =
          policy.sample(
              List.of(Conversation.user("say a word"), TokenPrompt.of(1, 6, 7)),
              new Sampling(0.7, 0.9, 20, 2, 9, false, 5, PolicyRole.LEADER));
    }
    assertEquals(4, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Sample sample = expected.get(i / 2).get(i % 2);
      JsonNode row = rows.get(i);
      assertEquals(i / 2, row.get("row").asInt());
      assertEquals(i % 2, row.get("sample").asInt());
      assertEquals(sample.exchange().response().tokens().toString(), ids(row));
      assertEquals(sample.exchange().response().text(), row.get("text").asText());
      assertEquals(sample.logProbs().sum(), row.get("logProb").asDouble());
    }
  }

  @Test
  void generatesGreedilyAtTemperatureZeroWhateverTheSeed() throws IOException {
    Path file = rows("{\"prompt\":\"one two three\"}");
    CliRun first =
        sgpo("generate", "--model", model, "--temperature=0", "--seed=1", file.toString());
    CliRun second =
        sgpo("generate", "--model", model, "--temperature=0", "--seed=2", file.toString());
    assertEquals(first.object(), second.object());
  }

  @Test
  void ignoringTheEndGoesOnToTheLimit() throws IOException {
    Path file = rows("{\"prompt_ids\":[1]}");
    List<JsonNode> rows =
        sgpo(
                "generate",
                "--model",
                model,
                "--ignore-eos",
                "--max-new-tokens=40",
                "--samples=20",
                file.toString())
            .rows();
    for (JsonNode row : rows) {
      assertEquals(40, row.get("ids").size());
      assertEquals("length", row.get("finish").asText());
    }
    List<JsonNode> ending =
        sgpo("generate", "--model", model, "--max-new-tokens=40", "--samples=20", file.toString())
            .rows();
    assertTrue(
        ending.stream().anyMatch(row -> row.get("finish").asText().equals("stop")),
        "one in 37 random tokens ends a response");
  }

  @Test
  void refinesInAChain() throws IOException {
    Path file =
        rows(
            "{\"prompt\":[{\"role\":\"user\",\"content\":\"say a word\"}],\"answer\":\"red dog\"}",
            "{\"prompt\":\"one two\",\"answer\":\" three\"}");
    List<JsonNode> rows =
        sgpo("refine", "--model", model, "--steps=3", "--max-new-tokens=5", file.toString()).rows();
    assertEquals(2, rows.size());
    assertEquals(1, rows.get(1).get("row").asInt());
    assertEquals("red dog", rows.get(0).get("chain").get(0).asText());
    assertEquals(4, rows.get(0).get("chain").size());
    assertEquals(4, rows.get(1).get("chain").size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "score|{\"prompt_ids\":[1,99],\"response_ids\":[2]}|row 1: |99",
        "score|{\"prompt_ids\":[1],\"response_ids\":[-2]}|row 1: |-2",
        "score|{\"prompt_ids\":[1]}|row 1: |response",
        "score|{\"response_ids\":[1]}|row 1: |prompt",
        "score|{\"prompt_ids\":[],\"response_ids\":[2]}|row 1: |prompt_ids",
        "score|{\"prompt_ids\":\"x\",\"response_ids\":[2]}|row 1: |prompt_ids",
        "score|{\"prompt_ids\":[1],|row 1: |JSON",
        "score|[]|row 1: |array",
        "score|{\"prompt_ids\":[1],\"prompt_ids\":[2]}|row 1: |prompt_ids",
        "generate|{\"prompt_ids\":[37]}|row 1: |37",
        "generate|{\"prompt\":\"\"}|row 1: |prompt",
        "generate|{\"prompt\":[]}|row 1: |prompt",
        "generate|{\"prompt\":[{\"role\":\"judge\",\"content\":\"x\"}]}|row 1: |judge",
        "generate|{\"prompt\":[{\"role\":\"assistant\",\"content\":\"x\"}]}|row 1: |assistant",
        "generate|{}|row 1: |prompt",
        "refine|{\"prompt\":\"one\"}|row 1: |answer",
        "refine|{\"prompt_ids\":[1],\"answer\":\"one\"}|row 1: |not ids",
      })
  void refusesBadRowsByFileRowAndValue(String command, String row, String where, String what)
      throws IOException {
    Path file = rows(row);
    sgpo(command, "--model", model, file.toString()).assertRefused(file + ": " + where, what);
  }

  @Test
  void aRowAfterManyGoodOnesIsNamedByItsOwnNumber() throws IOException {
    String good = "{\"prompt_ids\":[1],\"response_ids\":[2]}\n";
    Path file = folder.resolve("rows.jsonl");
    Files.writeString(file, good.repeat(200) + "{\"prompt_ids\":[1],\"response_ids\":[99]}\n");
    CliRun run = sgpo("score", "--model", model, file.toString());
    assertEquals(2, run.status());
    assertTrue(run.err().contains("row 201: "), run.err());
    assertEquals(1, run.err().lines().count());
  }

  @Test
  void textIsRefusedWithoutATokenizer() throws IOException {
    Path file = rows("{\"prompt\":\"one two\"}");
    sgpo("generate", "--model", idsOnly, file.toString()).assertRefused("row 1", "tokenizer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--temperature=-1|temperature must be finite and >= 0, but was -1.0",
        "--top-p=0|topP must be in (0, 1], but was 0.0",
        "--top-k=-1|topK must be >= 0, but was -1",
        "--samples=0|samplesPerPrompt must be >= 1, but was 0",
        "--max-new-tokens=0|maxNewTokens must be >= 1, but was 0",
        "--max-new-tokens=x|'x' is not an int",
        "--adapter=none|--adapter must be an adapter's folder, but there is none at none",
        "--device=tpu|must be cpu, gpu or gpu:N, but was \"tpu\"",
        "--device=gpu:77|--device must be the CPU or one of",
        "--dtype=int8|must be one of float32, bfloat16, but was \"int8\"",
      })
  void refusesBadOptions(String option, String message) throws IOException {
    sgpo("generate", "--model", model, option, rows("{\"prompt_ids\":[1]}").toString())
        .assertRefused("sgpo generate: ", message);
  }

  @Test
  void refusesModelFoldersThatAreNone() throws IOException {
    String file = rows("{\"prompt_ids\":[1]}").toString();
    sgpo("generate", "--model", folder + "/none", file).assertRefused("/none");
    sgpo("generate", "--model", folder.toString(), file).assertRefused("config.json");
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.copy(Path.of(model, "config.json"), broken.resolve("config.json"));
    Files.writeString(broken.resolve("model.safetensors"), "short");
    sgpo("generate", "--model", broken.toString(), file).assertRefused("model.safetensors");
  }

  @Test
  void refusesMissingAndEmptyFiles() throws IOException {
    sgpo("score", "--model", model, folder + "/none.jsonl").assertRefused("none.jsonl");
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
    sgpo("score", "--model", model, empty.toString()).assertRefused("empty.jsonl", "empty");
    sgpo("score", "--model", model).assertRefused("FILE.jsonl");
    sgpo("score", rows("{}").toString()).assertRefused("--model");
  }

  private double score(Path file, String... options) {
    String[] args = new String[options.length + 4];
    args[0] = "score";
    args[1] = "--model";
    args[2] = idsOnly;
    System.arraycopy(options, 0, args, 3, options.length);
    args[args.length - 1] = file.toString();
    return sgpo(args).object().get("logProb").asDouble();
  }

  private Path rows(String... lines) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", lines) + "\n");
  }

  private static String ids(JsonNode row) {
    return StreamSupport.stream(row.get("ids").spliterator(), false)
        .map(JsonNode::asInt)
        .toList()
        .toString();
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
