package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
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
   * @param expected {@code name=value} of the manifest's settings
   */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "dpo | --schedule=linear --warmup-steps=3 | x=y",
        "ssapo | --schedule=linear --warmup-steps=3 --warm-start-epochs=2 | x=y",
        "spa | --doubted-share=0.3 | x=y",
        "slhf | --timescale-ratio=3 | x=y",
        "nash-md | --mixture=0.25 | x=y",
      })
  void aFlagIsASetting(String method, String flags, String expected) throws IOException {
    JsonNode settings = settings(method, flags);
    System.err.println(method + " " + settings.toPrettyString());
    for (String setting : expected.strip().split(" ")) {
      String[] parts = setting.split("=", 2);
      assertEquals(parts[1], settings.path(parts[0]).asText("absent"), parts[0]);
    }
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
