package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

final class ConfigFileTest {

  private final CommandSpec align = new CommandLine(new AlignCommand()).getCommandSpec();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @ParameterizedTest
  @CsvSource({
    "run.json,'{\"epsilon\": 0.01}'",
    "run.yaml,'epsilon: 0.01'",
    "run.yml,'epsilon: 0.01'"
  })
  void readsJsonAndYaml(String name, String text) throws IOException {
    Path file = write(name, text);
    assertEquals("0.01", value("--epsilon", "align", "--config", file.toString()));
    assertEquals("0.01", value("--epsilon", "align", "--config=" + file));
    assertNull(value("--beta", "align", "--config", file.toString()));
  }

  @Test
  void keysMayHaveHyphensOrNot() throws IOException {
    Path file = write("run.yaml", "learningRate: 1.0e-5\nbatch-size: 4\nallow-saturation: true\n");
    assertEquals(1e-5, Double.parseDouble(value("--learning-rate", "--config", file.toString())));
    assertEquals("4", value("--batch-size", "--config", file.toString()));
    assertEquals("true", value("--allow-saturation", "--config", file.toString()));
  }

  @Test
  void anOptionOnTheCommandLineSetsAsideThoseItExcludes() throws IOException {
    Path file = write("run.yaml", "relative-radius: 0.2\nsteps-per-round: 3\n");
    String[] args = {"--config", file.toString(), "--epsilon=0.01"};
    assertNull(value("--relative-radius", args));
    assertEquals("3", value("--steps-per-round", args));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "support-quantile: 0.1, straight-through: true | --support-margin | --straight-through",
        "held-out: a.jsonl | --held-out-prompts | --held-out",
        "held-out-prompts: a.jsonl | --held-out | --held-out-prompts"
      })
  void whatTheCommandLineExcludesIsNotRead(String file, String given, String excluded)
      throws IOException {
    Path written = write("run.yaml", "{" + file + "}");
    assertNull(value(excluded, "--config", written.toString(), given + "=1"));
    assertNotNull(value(excluded, "--config", written.toString()));
  }

  @Test
  void listsAreTheirValuesBetweenCommas() throws IOException {
    Path yaml = write("run.yaml", "round-prompts: [2, 3]\nextrapolation:\n- 0.5\n- 0.25\n");
    assertEquals("2,3", value("--round-prompts", "--config", yaml.toString()));
    assertEquals("0.5,0.25", value("--extrapolation", "--config", yaml.toString()));
    Path json = write("run.json", "{\"lora-targets\": [\"q_proj\", \"v_proj\"]}");
    assertEquals("q_proj,v_proj", value("--lora-targets", "--config", json.toString()));
  }

  @Test
  void withoutAFileThereAreNoDefaults() {
    assertNull(value("--epsilon", "align", "--epsilon=3"));
    assertNull(value("--epsilon", "align", "--config"));
  }

  @Test
  void theCommandLineWins() throws IOException {
    Path file = write("run.json", "{\"method\": \"ppo\", \"model\": \"m\", \"output\": \"o\"}");
    sgpo("align", "--config", file.toString())
        .assertRefused("--method must be one of", "but was \"ppo\"");
    sgpo("align", "--config", file.toString(), "--method", "kto")
        .assertRefused("--method must be one of", "but was \"kto\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{\"epsilom\": 1}|epsilom|not an option of align",
        "{\"epsilon\": \"abc\"}|abc|run.json",
        "{\"epsilon\": null}|epsilon|but was null",
        "{\"epsilon\": [1]}|epsilon|but was [1]",
        "{\"round-prompts\": [1, [2]]}|round-prompts|a list of them, but was [1,[2]]",
        "{\"round-prompts\": []}|round-prompts|but was []",
        "{\"epsilon\": 1, \"epsilon\": 2}|epsilon|line 1",
        "{\"learning-rate\": 1, \"learningRate\": 2}|learning-rate|twice",
        "{\"config\": \"other.json\"}|config|not an option",
        "[1]|run.json|must be an object",
        "{|run.json|line 1",
        "{\"epsilon\": 1} x|run.json|line 1",
        "{\"epsilon\": 1}{}|run.json|railing",
        "\"\"|run.json|must be an object",
      })
  void refusesBadFilesByName(String text, String first, String second) throws IOException {
    Path file = write("run.json", text);
    sgpo("align", "--config", file.toString(), "--method=dpo", "--model=m", "--output=o")
        .assertRefused("sgpo align: ", "run.json", first, second);
  }

  @Test
  void refusesAMissingFile() {
    Path missing = folder.resolve("none.json");
    sgpo("align", "--config", missing.toString(), "--method=dpo", "--model=m", "--output=o")
        .assertRefused("none.json: no such file");
  }

  @Test
  void takesTheLastFileAsPicocliRefusesTwo() throws IOException {
    Path file = write("run.json", "{}");
    CliRun run = sgpo("align", "--config", file.toString(), "--config", file.toString());
    assertTrue(run.err().contains("--config"), run.err());
    assertEquals(2, run.status());
  }

  private @Nullable String value(String option, String... args) {
    return ConfigFile.of(args).defaultValue(align.findOption(option));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
