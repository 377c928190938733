package io.sgpo.examples.quickstart;

import io.sgpo.examples.cli.ProgressBars;
import io.sgpo.examples.cli.SgpoCommand;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sgpo quickstart}: the whole {@link Quickstart} and its reports. */
@Command(
    name = "quickstart",
    description = {
      "Pretrains a tiny chat model on an embedded task, aligns it by every method, and measures"
          + " them under a true preference that is computable.",
      "Prints a table to standard error and one JSON object with every number to standard output;"
          + " saves the models."
    })
public final class QuickstartCommand extends SgpoCommand {

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = {
        "where models and results.json are saved (default: ${DEFAULT-VALUE});",
        "must be new, empty or of an earlier quickstart, which is replaced"
      },
      defaultValue = "sgpo-quickstart")
  private Path output = Path.of("sgpo-quickstart");

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "trials, with the seeds 1 to N, N >= 2 (default: ${DEFAULT-VALUE})",
      defaultValue = "4")
  private int seeds = 4;

  @Override
  protected void run() throws IOException {
    Settings settings = Settings.standard().withSeeds(seeds);
    Results results;
    try (ProgressBars bars = progressBars()) {
      results = new Quickstart(settings, output, workers(), bars, this::noteOne).run();
    }
    if (!quiet()) {
      TextReport.lines(results).forEach(terminal().err()::println);
      terminal().err().flush();
    }
    out().object(json -> JsonReport.write(results, json));
  }

  /** A trial keeps one core busy. */
  private static int workers() {
    return Runtime.getRuntime().availableProcessors();
  }

  private synchronized void noteOne(String line) {
    note(line);
  }
}
