package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.Precision;
import io.sgpo.preference.Comparison;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code train-reward}, {@code compare}, and judges that are models or services. */
final class JudgedCommandsTest {

  private static final List<String> WORDS =
      List.of("one", "two", "three", "four", "five", "six", "red", "dog");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private static Path models;

  private static String model = "";
  private static String reward = "";
  private static JsonNode trained = new ObjectMapper().createObjectNode();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private String brief = "";
  private String wordy = "";

  /** Pairs in which the answer that repeats the prompt's word is preferred to one that does not. */
  private static List<String> pairs() {
    List<String> rows = new ArrayList<>();
    for (String word : WORDS) {
      for (String other : WORDS) {
        if (!word.equals(other)) {
          rows.add(
              """
              {"prompt":[{"role":"user","content":"say %s %s"}],\
              "chosen":[{"role":"assistant","content":"no"}],\
              "rejected":[{"role":"assistant","content":"no more %s %s"}]}"""
                  .formatted(word, other, other, word));
        }
      }
    }
    return rows;
  }

  @BeforeAll
  static void train() throws IOException {
    model = TinyModel.withTokenizer(models.resolve("words")).toString();
    Path data = Files.write(models.resolve("pairs.jsonl"), pairs());
    reward = models.resolve("reward").toString();
    trained =
        sgpo(
                "train-reward",
                "--model=" + model,
                "--data=" + data,
                "--output=" + reward,
                "--held-out=0.25",
                "--epochs=3",
                "--batch-size=8",
                "--learning-rate=0.02",
                "--seed=1")
            .object();
  }

  @BeforeEach
  void writeAnswers() throws IOException {
    brief = answers("brief", "no").toString();
    wordy = answers("wordy", "no more one two").toString();
  }

  private Path answers(String name, String answer) throws IOException {
    List<String> rows = new ArrayList<>();
    for (String word : WORDS) {
      rows.add(
          "{\"prompt\":[{\"role\":\"user\",\"content\":\"say %s\"}],\"answer\":\"%s\"}"
              .formatted(word, answer));
    }
    return Files.write(folder.resolve(name + ".jsonl"), rows);
  }

  @Test
  void trainRewardTellsItsAccuracyAndKeepsTheBestEpoch() throws IOException {
    assertEquals(56, trained.get("pairs").asInt() + trained.get("heldOut").asInt());
    assertTrue(trained.get("heldOut").asInt() > 4);
    assertEquals(3, trained.get("epochs").size());
    double accuracy = trained.get("accuracy").asDouble();
    assertTrue(accuracy > 0.9, trained::toString);
    assertTrue(trained.get("lower").asDouble() <= accuracy);
    assertTrue(trained.get("upper").asDouble() >= accuracy);
    for (JsonNode epoch : trained.get("epochs")) {
      assertTrue(epoch.get("accuracy").asDouble() <= accuracy);
    }
    JsonNode config = new ObjectMapper().readTree(Path.of(reward).resolve("config.json").toFile());
    assertEquals("LlamaForSequenceClassification", config.get("architectures").get(0).asText());
    assertTrue(Files.exists(Path.of(reward).resolve("tokenizer.json")));
  }

  @Test
  void trainRewardWithAnAdapterAndHeldOutDataOfItsOwn() throws IOException {
    Path data = Files.write(folder.resolve("pairs.jsonl"), pairs().subList(0, 20));
    Path rest = Files.write(folder.resolve("rest.jsonl"), pairs().subList(20, 30));
    JsonNode result =
        sgpo(
                "train-reward",
                "--model=" + model,
                "--data=" + data,
                "--held-out-data=" + rest,
                "--output=" + folder.resolve("r"),
                "--lora-rank=2",
                "--epochs=1",
                "--centring=0.01")
            .object();
    assertEquals(20, result.get("pairs").asInt());
    assertEquals(10, result.get("heldOut").asInt());
    assertTrue(Files.exists(folder.resolve("r").resolve("model.safetensors")));
  }

  @Test
  void withoutHeldOutPairsItWarns() throws IOException {
    Path data = Files.write(folder.resolve("pairs.jsonl"), pairs().subList(0, 4));
    CliRun run =
        sgpo(
            "train-reward",
            "--model=" + model,
            "--data=" + data,
            "--held-out=0",
            "--epochs=1",
            "--output=" + folder.resolve("r"));
    assertFalse(run.object().has("accuracy"));
    assertTrue(run.err().contains("no pair is held out"), run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--epochs=0 | --epochs must be >= 1, but was 0",
        "--centring=-1 | --centring must be finite and >= 0",
        "--learning-rate=0 | --learning-rate",
        "--held-out=1 | --held-out must be in [0, 1)",
        "--held-out=0.2 --held-out-data=x | not both",
        "--adapter=MODEL | --adapter cannot be given",
        "--lora-alpha=1 | need --lora-rank",
        "--max-length=2 | none of its",
        "--data=nowhere | nowhere"
      })
  void trainRewardRefuses(String arguments, String fragment) throws IOException {
    Path data = Files.write(folder.resolve("pairs.jsonl"), pairs());
    List<String> line = new ArrayList<>(List.of("train-reward", "--model=" + model));
    line.add("--output=" + folder.resolve("r"));
    line.addAll(Arrays.asList(arguments.strip().replace("MODEL", model).split(" ")));
    if (!arguments.contains("--data=")) {
      line.add("--data=" + data);
    }
    sgpo(line.toArray(String[]::new)).assertRefused(fragment);
    assertTrue(Files.notExists(folder.resolve("r")));
  }

  private CliRun compare(String... more) {
    return sgpo(Stream.concat(Stream.of("compare"), Arrays.stream(more)).toArray(String[]::new));
  }

  @Test
  void comparesByHand() {
    JsonNode result = compare("--judge=shorter", wordy, brief).object();
    assertEquals("[\"wordy\",\"brief\"]", result.get("policies").toString());
    assertEquals(8, result.get("prompts").asInt());
    assertEquals("[[0.5,0.0],[1.0,0.5]]", result.get("winRate").toString());
    assertEquals("[[0.5,0.0],[1.0,0.5]]", result.get("lower").toString());
    assertEquals("[[0.5,0.0],[1.0,0.5]]", result.get("meanPreference").toString());
    assertEquals("[[0.0,8.0],[8.0,0.0]]", result.get("comparisons").toString());
    JsonNode controlled = result.get("lengthControlled").get("winRate");
    double rate = controlled.get(1).get(0).asDouble();
    assertTrue(rate > 0.5 && rate < 1, controlled::toString);
    assertEquals(1 - rate, controlled.get(0).get(1).asDouble());
    JsonNode lower = result.get("lengthControlled").get("lower");
    JsonNode upper = result.get("lengthControlled").get("upper");
    assertEquals(1, lower.get(0).get(1).asDouble() + upper.get(1).get(0).asDouble(), 1e-15);
  }

  @Test
  void severalRewardModelsVote() throws IOException {
    String third = answers("third", "one").toString();
    String judge = "--judge=reward:" + reward + "," + reward;
    JsonNode shares = compare(judge, brief, wordy, third).object();
    assertEquals(1, shares.get("winRate").get(0).get(1).asDouble());
    assertEquals(1, shares.get("meanPreference").get(0).get(1).asDouble());
    JsonNode means = compare(judge, "--judge-vote=mean", brief, wordy, third).object();
    double mean = means.get("meanPreference").get(0).get(1).asDouble();
    assertTrue(mean > 0.6 && mean < 1, means::toString);
    JsonNode tempered =
        compare("--judge=reward:" + reward, "--judge-temperature=100", brief, wordy).object();
    double p = tempered.get("meanPreference").get(0).get(1).asDouble();
    assertTrue(p > 0.5 && p < mean, tempered::toString);
  }

  @Test
  void modelsThatCompareObeyHowTheyAreToBeLoaded() {
    String judge = "--judge=reward:" + reward;
    double exact = mean(compare(judge, "--threads=1", "--device=cpu", brief, wordy));
    double rounded = mean(compare(judge, "--dtype=bfloat16", brief, wordy));
    assertEquals(exact, rounded, 0.1);
    assertNotEquals(exact, rounded);
    compare(judge, "--memory-limit=1KB", brief, wordy).assertRefused("--memory-limit", "1000");
    compare(judge, "--threads=0", brief, wordy).assertRefused("--threads", "0");
    compare("--judge=shorter", "--dtype=float32", brief, wordy)
        .assertRefused("--dtype is not read by --judge shorter", "float32");
    compare("--judge=http://h", "--batch-tokens=5", brief, wordy)
        .assertRefused("--batch-tokens is not read by --judge http://h", "5");
  }

  private static double mean(CliRun comparison) {
    return comparison.object().get("meanPreference").get(0).get(1).asDouble();
  }

  @Test
  void verdictsAreKept() throws IOException {
    Path cache = folder.resolve("cache.jsonl");
    String[] arguments = {"--judge=reward:" + reward, "--judge-cache=" + cache, brief, wordy};
    CliRun run = compare(arguments);
    List<String> lines = Files.readAllLines(cache);
    assertEquals(0, run.status(), run.err());
    assertEquals(8, lines.size());
    assertEquals(run.out(), compare(arguments).out());
    assertEquals(lines, Files.readAllLines(cache));
  }

  @Test
  void aModelWhoseTokenizerHasNoLettersIsNoPairwiseJudge() {
    compare("--judge=pairwise:" + model, brief, wordy).assertRefused("pairwise", "labels", "apart");
  }

  @Test
  void aRewardIsAJudgeOfAlignAndRefine() throws IOException {
    Path prompts =
        Files.write(
            folder.resolve("prompts.jsonl"),
            List.of("{\"prompt\":[{\"role\":\"user\",\"content\":\"say one\"}]}"));
    JsonNode summary =
        sgpo(
                "align",
                "--method=slhf",
                "--model=" + model,
                "--prompts=" + prompts,
                "--judge=reward:" + reward,
                "--steps=2",
                "--batch-size=2",
                "--max-new-tokens=4",
                "--output=" + folder.resolve("run"))
            .object();
    assertEquals("slhf", summary.get("method").asText());
    List<JsonNode> rows =
        sgpo(
                "refine",
                "--model=" + model,
                "--judge=reward:" + reward,
                "--steps=2",
                "--max-new-tokens=4",
                brief)
            .rows();
    assertEquals(8, rows.size());
    for (JsonNode row : rows) {
      assertEquals(2, row.get("preferences").size());
      double p = row.get("preferences").get(0).asDouble();
      assertTrue(p > 0 && p < 1, row::toString);
    }
  }

  /** The mean of two equal rewards is that reward, so the weights are those of one model alone. */
  @Test
  void rlooLearnsFromTheMeanRewardOfSeveralModelsAndBesideACache() throws IOException {
    List<String> digests = new ArrayList<>();
    for (String judge : List.of(reward, reward + "," + reward)) {
      String output = folder.resolve("run" + digests.size()).toString();
      sgpo(
              "align",
              "--method=rloo",
              "--reward=scalar",
              "--model=" + model,
              "--prompts=" + prompts(),
              "--judge=reward:" + judge,
              "--judge-cache=" + folder.resolve("cache.jsonl"),
              "--steps=2",
              "--batch-size=2",
              "--max-new-tokens=4",
              "--learning-rate=0.01",
              "--output=" + output)
          .object();
      digests.add(Manifest.digest(Path.of(output, "model", "model.safetensors")));
    }
    assertEquals(digests.get(0), digests.get(1));
    assertNotEquals(Manifest.digest(Path.of(model, "model.safetensors")), digests.get(0));
  }

  @Test
  void aPairwiseModelJudges() throws IOException {
    String judge = "--judge=pairwise:" + TinyModel.withLetters(folder.resolve("letters"));
    JsonNode result = compare(judge, brief, wordy).object();
    assertEquals(8, result.get("comparisons").get(0).get(1).asInt());
    double p = result.get("meanPreference").get(0).get(1).asDouble();
    assertTrue(p > 0 && p < 1, result::toString);
  }

  private Path prompts() throws IOException {
    return Files.write(
        folder.resolve("prompts.jsonl"),
        List.of("{\"prompt\":[{\"role\":\"user\",\"content\":\"say one\"}]}"));
  }

  /** An endpoint that fails once, and then prefers whatever comes first. */
  @Test
  void anEndpointJudgesARunAsItsFlagsSay() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<JsonNode> requests = new ArrayList<>();
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          requests.add(new ObjectMapper().readTree(exchange.getRequestBody()));
          String answer =
              """
              {"choices":[{"index":0,"finish_reason":"stop","message":\
              {"role":"assistant","content":"A"}}]}\
              """;
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(requests.size() == 1 ? 500 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      JsonNode summary =
          sgpo(
                  "align",
                  "--method=slhf",
                  "--model=" + model,
                  "--prompts=" + prompts(),
                  "--judge=http:http://127.0.0.1:" + server.getAddress().getPort() + "/v1",
                  "--judge-logprobs=false",
                  "--judge-max-tokens=7",
                  "--judge-retries=1",
                  "--judge-timeout=30",
                  "--judge-contradiction=abstain",
                  "--judge-concurrency=1",
                  "--steps=1",
                  "--batch-size=1",
                  "--max-new-tokens=8",
                  "--output=" + folder.resolve("run"))
              .object();
      assertEquals(1, summary.get("metrics").get("judge.abstentions").asInt(), summary::toString);
      assertEquals(3, requests.size(), "two orders, and the failure once more");
      assertEquals(7, requests.get(0).get("max_tokens").asInt());
      assertFalse(requests.get(0).has("logprobs"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anEndpointThatHangsIsGivenUpAfterTheTimeOut() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CountDownLatch end = new CountDownLatch(1);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          try {
            end.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
      CliRun run =
          compare("--judge=http:" + url, "--judge-timeout=0.2", "--judge-retries=0", brief, wordy);
      JsonNode result = run.object();
      assertEquals(8, result.get("failures").get(0).get(1).asInt());
    } finally {
      end.countDown();
      server.stop(0);
    }
  }

  /** What refine asks is the conversation with the answer and the instruction. */
  @Test
  void refineAsksWhatTheInstructionSays() throws IOException {
    String instruction = "say dog please";
    List<JsonNode> refined =
        sgpo(
                "refine",
                "--model=" + model,
                "--instruction=" + instruction,
                "--temperature=0",
                "--max-new-tokens=6",
                brief)
            .rows();
    List<String> asked = new ArrayList<>();
    for (String word : WORDS) {
      asked.add(
          """
          {"prompt":[{"role":"user","content":"say %s"},\
          {"role":"assistant","content":"no"},{"role":"user","content":"%s"}]}\
          """
              .formatted(word, instruction));
    }
    Path file = Files.write(folder.resolve("asked.jsonl"), asked);
    List<JsonNode> drawn =
        sgpo(
                "generate",
                "--model=" + model,
                "--temperature=0",
                "--max-new-tokens=6",
                file.toString())
            .rows();
    for (int row = 0; row < WORDS.size(); row++) {
      assertEquals(drawn.get(row).get("text"), refined.get(row).get("chain").get(1));
    }
  }

  @Test
  void refinementsEndWhereTheRewardDoesNotRise() {
    String[] line = {
      "refine",
      "--model=" + model,
      "--stop-unless-score-rises=1000",
      "--steps=3",
      "--max-new-tokens=4",
      brief
    };
    List<String> judged = new ArrayList<>(Arrays.asList(line));
    judged.add(1, "--judge=reward:" + reward);
    for (JsonNode row : sgpo(judged.toArray(String[]::new)).rows()) {
      assertEquals(1, row.get("chain").size(), row::toString);
    }
    sgpo(line).assertRefused("--stop-unless-score-rises need --judge");
    judged.set(1, "--judge=shorter");
    sgpo(judged.toArray(String[]::new)).assertRefused("--stop-unless-score-rises", "with a reward");
  }

  @Test
  void modelsThatJudgeObeyTheOptionsOfModels() throws IOException {
    JudgeOptions judge =
        CommandLine.populateCommand(new JudgeOptions(), "--judge=reward:" + reward);
    CausalLmOptions tiny = CausalLmOptions.DEFAULT.withMemoryLimit(1);
    String refusal =
        String.valueOf(
            assertThrows(IllegalStateException.class, () -> judge.open(tiny)).getMessage());
    assertTrue(refusal.contains("memoryLimit"), refusal);
    List<String> lines = new ArrayList<>();
    Path cache = folder.resolve("cache.jsonl");
    for (Precision precision : Precision.values()) {
      JudgeOptions kept =
          CommandLine.populateCommand(
              new JudgeOptions(), "--judge=reward:" + reward, "--judge-cache=" + cache);
      try (OpenJudge open = kept.open(CausalLmOptions.DEFAULT.withPrecision(precision))) {
        open.compare(
            List.of(
                new Comparison(
                    Conversation.user("say one"), Response.of("no"), Response.of("one two"))));
      }
      lines = Files.readAllLines(cache);
    }
    assertEquals(2, lines.size(), "float32 and bfloat16 are asked apart");
    assertNotEquals(
        new ObjectMapper().readTree(lines.get(0)).get("probability"),
        new ObjectMapper().readTree(lines.get(1)).get("probability"));
  }

  @Test
  void anEndpointJudgesAndWhatItDoesNotDecideIsCounted() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<String> requests = new ArrayList<>();
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          String request =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(request);
          boolean wordyFirst = request.indexOf("no more") < request.indexOf("<response-B>");
          String answer =
              """
              {"choices":[{"index":0,"finish_reason":"stop","message":\
              {"role":"assistant","content":"%s"}}]}"""
                  .formatted(wordyFirst ? "B" : "A");
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          int refusal = request.contains("say dog") ? 403 : request.contains("say red") ? 400 : 200;
          exchange.sendResponseHeaders(refusal, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
      CliRun run =
          compare("--judge=http:" + url, "--judge-model=m", "--judge-concurrency=1", brief, wordy);
      JsonNode result = run.object();
      assertEquals(1, result.get("winRate").get(0).get(1).asDouble());
      assertEquals(6, result.get("comparisons").get(0).get(1).asInt());
      assertEquals(1, result.get("failures").get(0).get(1).asInt());
      assertEquals(1, result.get("abstentions").get(0).get(1).asInt());
      assertTrue(run.err().contains("2 of 8 comparisons were not decided"), run.err());
      assertEquals(18, requests.size(), "with a plain one for either order of the refused");
      assertTrue(requests.get(0).contains("\"model\""), requests.get(0));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anEndpointThatRefusesEndsTheRunAndResumeGoesOn() throws IOException {
    AtomicInteger status = new AtomicInteger(401);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] bytes =
              """
              {"choices":[{"index":0,"finish_reason":"stop","message":\
              {"role":"assistant","content":"A"}}]}"""
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status.get(), bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      Path prompts =
          Files.write(
              folder.resolve("prompts.jsonl"),
              List.of("{\"prompt\":[{\"role\":\"user\",\"content\":\"say one\"}]}"));
      Path output = folder.resolve("run");
      String[] arguments = {
        "align",
        "--method=slhf",
        "--model=" + model,
        "--prompts=" + prompts,
        "--judge=http:http://127.0.0.1:" + server.getAddress().getPort() + "/v1",
        "--judge-model=m",
        "--judge-retries=0",
        "--steps=2",
        "--batch-size=2",
        "--max-new-tokens=4",
        "--resume",
        "--output=" + output
      };
      CliRun refused = sgpo(arguments);
      assertEquals(1, refused.status(), refused.err());
      assertEquals("", refused.out());
      assertTrue(refused.err().contains("status 401"), refused.err());
      assertTrue(refused.err().contains("--resume goes on with the run"), refused.err());
      assertFalse(Files.exists(output.resolve("model")));
      assertTrue(Files.exists(output.resolve("checkpoints")));
      status.set(200);
      assertEquals(2, sgpo(arguments).object().get("steps").asInt());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void answersToOtherPromptsAreNamedByRow() throws IOException {
    List<String> rows = Files.readAllLines(Path.of(brief));
    List<String> changed = new ArrayList<>(rows);
    changed.set(4, rows.get(4).replace("say five", "say nine"));
    assertNotEquals(rows, changed);
    Path other = Files.write(folder.resolve("other.jsonl"), changed);
    compare("--judge=shorter", brief, other.toString())
        .assertRefused("other.jsonl: row 5", "row 5 of", "nine");
    Path fewer = Files.write(folder.resolve("fewer.jsonl"), rows.subList(0, 6));
    compare("--judge=shorter", brief, fewer.toString())
        .assertRefused("fewer.jsonl: must have as many rows", "8, but has 6");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A B | --judge must be given",
        "--judge=shorter A | FILE.jsonl",
        "--judge=shorter A A | brief came twice",
        "--judge=best A B | --judge must be reward:DIR",
        "--judge=reward:nowhere A B | none at nowhere",
        "--judge=reward:MODEL A B | score.weight",
        "--judge=pairwise:MODEL,MODEL A B | one folder",
        "--judge=shorter --judge-temperature=2 A B | --judge-temperature is not read by --judge",
        "--judge=shorter --judge-model=m A B | --judge-model is not read",
        "--judge=http://h --judge-vote=mean A B | --judge-vote is not read",
        "--judge=reward:MODEL --judge-template=x A B | --judge-template is not read",
        "--judge=pairwise:MODEL --judge-template=nowhere A B | nowhere",
        "--judge=http://h --judge-concurrency=0 A B | concurrency must be >= 1",
        "--judge=http://h --judge-key-variable=NO_SUCH A B | NO_SUCH",
        "--judge=shorter --resamples=0 A B | --resamples must be >= 1",
        "--judge=shorter --confidence=1 A B | --confidence must be in (0, 1)"
      })
  void compareRefuses(String arguments, String fragment) {
    String[] line =
        arguments
            .strip()
            .replace("MODEL", model)
            .replaceAll("\\bA\\b", brief)
            .replaceAll("\\bB\\b", wordy)
            .split(" ");
    compare(line).assertRefused(fragment);
  }
}
