package io.sgpo.examples.pages;

import io.sgpo.Aligner;
import io.sgpo.report.RunReport;
import io.sgpo.run.Alignment;
import io.sgpo.tensorboard.TensorBoard;
import java.io.IOException;
import java.nio.file.Path;

/** The code of docs/report.md. */
final class ReportPage {

  private ReportPage() {}

  /** Writes the page again. */
  static void write(Path folder) throws IOException {
    // begin: report
    RunReport.of(folder).write(folder.resolve("report.html"));
    // end
  }

  /** Event files without a run directory. */
  static Alignment watched(Aligner.Builder builder, Path logs) throws IOException {
    // begin: board
    try (TensorBoard board = TensorBoard.in(logs.resolve("first"))) {
      return builder.listener(board).build().align();
    }
    // end
  }
}
