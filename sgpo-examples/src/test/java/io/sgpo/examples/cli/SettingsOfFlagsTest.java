package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a flag of {@code align} sets, as the run's manifest says. */
final class SettingsOfFlagsTest {

  private static final List<String> WORDS = List.of("one", "two", "three", "four", "five", "six");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private static Path models;

  private static String model = "";
  private static String seeds = "";
  private static String prompts = "";

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @BeforeAll
  static void write() throws IOException {
    model = TinyModel.withTokenizer(models.resolve("words")).toString();
    List<String> pairs = new ArrayList<>();
    List<String> questions = new ArrayList<>();
    for (String word : WORDS) {
      String prompt = "\"prompt\":[{\"role\":\"user\",\"content\":\"say %s\"}]".formatted(word);
      String turn = "[{\"role\":\"assistant\",\"content\":\"%s\"}]";
      pairs.add(
          "{%s,\"chosen\":%s,\"rejected\":%s}"
              .formatted(prompt, turn.formatted(word), turn.formatted("no more " + word)));
      questions.add("{" + prompt + "}");
    }
    seeds = Files.write(models.resolve("seeds.jsonl"), pairs).toString();
    prompts = Files.write(models.resolve("prompts.jsonl"), questions).toString();
  }

  /**
   * One step is enough: settings are written when the run begins.
   *
   * @param flags of the command
   * @param expected {@code name=value} of the manifest's settings; a star stands for any end
   */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "dpo | --schedule=linear --warmup-steps=3 --weight-decay=0.25 --max-gradient-norm=2"
            + " --micro-batch-size=2 --label-smoothing=0.1"
            + " | training.schedule.shape=LINEAR training.schedule.warmupSteps=3"
            + " training.optimizer.weightDecay=0.25 training.maxGradientNorm=2.0"
            + " training.microBatchSize=2 loss.labelSmoothing=0.1",
        "ssapo | --epochs-per-round=2 --warm-start-epochs=4 --warm-start-schedule=cosine"
            + " --warm-start-warmup-steps=5 --warm-start-beta=0.3 --follower=primal-dual"
            + " --proximal=0.5 --support-margin=2 --refreshes-per-round=3 --weighting=atoms"
            + " --weight-cap=4"
            + " | plan.options.training.count=2 onSeeds.extent.count=4 onSeeds.beta=0.3"
            + " onSeeds.training.schedule.shape=COSINE onSeeds.training.schedule.warmupSteps=5"
            + " plan.follower.follower=primal-dual plan.follower.proximal=0.5"
            + " plan.follower.support.margin=2.0 plan.follower.refresh.count=3"
            + " plan.follower.weighting=ATOMS plan.follower.weightCap=4.0",
        "ssapo | --warmup-steps=3 --warm-start-schedule=cosine --group-size=9"
            + " | onSeeds.training.schedule.shape=COSINE onSeeds.training.schedule.warmupSteps=3"
            + " training.schedule.shape=CONSTANT plan.follower.follower=grouped*",
        "ssapo | --follower=entropic --follower-temperature=0.5"
            + " | plan.follower.follower=entropic*",
        "spa | --doubted-share=0.3 | plan.refinement.doubtedShare=0.3",
        "slhf | --timescale-ratio=3 --improve-instruction=Better --kl-credit=to-go"
            + " --kl-estimator=k2 --leader-payoff=game"
            + " | timescaleRatio=3.0 improveInstruction=Better klCredit=TO_GO klEstimator=K2"
            + " leaderPayoff=GAME",
      })
  void aFlagIsASetting(String method, String flags, String expected) throws IOException {
    JsonNode settings = settings(method, flags);
    for (String setting : Splitter.on(' ').split(expected.strip())) {
      String[] parts = setting.split("=", 2);
      String is = settings.path(parts[0]).asText("absent");
      if (parts[1].endsWith("*")) {
        assertTrue(
            is.startsWith(parts[1].substring(0, parts[1].length() - 1)), setting + ": " + is);
      } else {
        assertEquals(parts[1], is, parts[0]);
      }
    }
  }

  @Test
  void promptsAboveMaxPromptTokensAreDropped() throws IOException {
    String row = "{\"prompt\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
    Path file =
        Files.write(
            folder.resolve("prompts.jsonl"),
            List.of(row.formatted("say one"), row.formatted("say one two three four five six")));
    JsonNode summary =
        sgpo(
                "align",
                "--method=slhf",
                "--model=" + model,
                "--output=" + folder.resolve("run"),
                "--prompts=" + file,
                "--judge=shorter",
                "--max-new-tokens=4",
                "--max-prompt-tokens=7",
                "--max-steps=1")
            .object();
    assertEquals(2, summary.get("prompts").get("read").asInt());
    assertEquals(1, summary.get("prompts").get("dropped").asInt());
  }

  private JsonNode settings(String method, String flags) throws IOException {
    List<String> line = new ArrayList<>(List.of("align", "--method=" + method));
    line.addAll(List.of("--model=" + model, "--output=" + folder.resolve("run"), "--max-steps=1"));
    if (List.of("slhf", "rloo", "nash-md").contains(method)) {
      line.addAll(List.of("--prompts=" + prompts, "--judge=shorter", "--max-new-tokens=4"));
    } else {
      line.add("--seed-data=" + seeds);
      if (!method.equals("dpo")) {
        line.addAll(List.of("--prompts=" + prompts, "--max-new-tokens=4"));
      }
    }
    line.addAll(Arrays.asList(flags.strip().split(" ")));
    CliRun run = sgpo(line.toArray(String[]::new));
    assertEquals(0, run.status(), run.err());
    return new ObjectMapper()
        .readTree(folder.resolve("run").resolve("manifest.json").toFile())
        .get("settings");
  }
}
