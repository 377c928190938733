package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportCommandTest {

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Path align() throws IOException {
    String model = TinyModel.withTokenizer(folder.resolve("words")).toString();
    Path prompts = folder.resolve("prompts.jsonl");
    Files.writeString(prompts, "{\"prompt\":\"one two\"}\n{\"prompt\":\"three four\"}\n");
    Path output = folder.resolve("run");
    String[] args = {
      "align",
      "--method=slhf",
      "--model=" + model,
      "--prompts=" + prompts,
      "--judge=shorter",
      "--held-out-prompts=" + prompts,
      "--steps=2",
      "--batch-size=2",
      "--max-new-tokens=6",
      "--output=" + output
    };
    CliRun run = sgpo(args);
    assertEquals(output.resolve("report.html").toString(), run.object().get("report").asText());
    return output;
  }

  @Test
  void alignWritesAReportAndTheCommandTheSameOneAgain() throws IOException {
    Path run = align();
    String page = Files.readString(run.resolve("report.html"));
    assertTrue(page.contains("Run of slhf"), page);
    assertTrue(page.contains("Win rate against the start"), page);
    assertTrue(page.contains("Options of the command"), page);
    assertTrue(page.contains("model.safetensors"), "digests of the model");
    Path again = folder.resolve("again.html");
    CliRun written = sgpo("report", run.toString(), "--output=" + again);
    assertEquals(again.toString(), written.object().get("report").asText());
    assertEquals(page, Files.readString(again));
  }

  @Test
  void whatIsNoRunIsRefused() throws IOException {
    sgpo("report", folder.toString()).assertRefused("manifest.json", "is missing");
    sgpo("report").assertRefused("RUN_DIR");
  }

  @Test
  void heldOutPromptsNeedAJudge() throws IOException {
    String model = TinyModel.withTokenizer(folder.resolve("words")).toString();
    Path pairs = folder.resolve("pairs.jsonl");
    Files.writeString(pairs, "{\"prompt\":\"one\",\"chosen\":\"two\",\"rejected\":\"three\"}\n");
    sgpo(
            "align",
            "--method=dpo",
            "--model=" + model,
            "--seed-data=" + pairs,
            "--held-out-prompts=" + pairs,
            "--output=" + folder.resolve("new"))
        .assertRefused("--held-out-prompts needs --judge");
    sgpo(
            "align",
            "--method=dpo",
            "--model=" + model,
            "--seed-data=" + pairs,
            "--held-out=" + pairs,
            "--held-out-prompts=" + pairs,
            "--output=" + folder.resolve("new"))
        .assertRefused("--held-out-prompts excludes --held-out");
  }
}
