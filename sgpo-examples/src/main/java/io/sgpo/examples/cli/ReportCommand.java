package io.sgpo.examples.cli;

import io.sgpo.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the report of a run. */
@Command(
    name = "report",
    description = {
      "Writes the report of a run as one page of HTML, which needs no network and no script.",
      "",
      "The run may be finished, stopped or under way. Prints an object that names the page.",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ReportCommand extends SgpoCommand {

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "where to write; report.html in the run folder")
  private @Nullable Path output;

  @Parameters(paramLabel = "RUN_DIR", description = "the run folder that align wrote")
  private Path run;

  @Override
  protected void run() throws IOException {
    Path page = output == null ? run.resolve(RunReport.FILE) : output;
    RunReport.of(run).write(page);
    out().object(json -> json.writeStringField("report", page.toString()));
  }
}
