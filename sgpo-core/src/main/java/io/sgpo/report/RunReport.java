package io.sgpo.report;

import io.sgpo.checkpoint.AtomicFile;
import io.sgpo.figure.Style;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The report of a run as one page of HTML, made from its run directory: what it was, how it went,
 * and what it was made with. The page needs no network and no script; a policy in it forbids both,
 * so that a text of the run could do nothing even if it were not escaped. Figures are inline SVG,
 * each with a table of its numbers; colours follow the reader's preference of light or dark.
 *
 * <p>What a run did not record is left out and named. A run may still be under way. Equal files
 * give equal pages. Immutable.
 *
 * <pre>{@code
 * RunReport.of(Path.of("run")).write(Path.of("run/report.html"));
 * }</pre>
 */
public final class RunReport {

  /** The name of a report in its run directory. */
  public static final String FILE = "report.html";

  private final RunFiles run;

  private RunReport(RunFiles run) {
    this.run = run;
  }

  /**
   * Reads a run directory; its checkpoints, weights and all but the first pairs of a round are not
   * read.
   *
   * @throws io.sgpo.checkpoint.CheckpointException if it is none, naming the file at fault
   */
  public static RunReport of(Path runDirectory) throws IOException {
    return new RunReport(RunFiles.read(runDirectory));
  }

  /** Writes the page in place of what was there, complete or not at all. */
  public void write(Path file) throws IOException {
    byte[] bytes = html().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  /** The page. */
  public String html() {
    List<Section> sections =
        List.of(
            EvaluationSection.of(run),
            GapSection.of(run),
            RoundSections.follower(run),
            RoundSections.pairs(run),
            RoundSections.players(run),
            RoundSections.judge(run),
            StepSection.of(run),
            SampleSection.of(run),
            RoundSections.all(run),
            TimeSection.of(run),
            SettingsSection.of(run));
    String engine = run.manifest().path("engine").asText("");
    StringBuilder page = new StringBuilder(head(engine)).append("<body>\n<main>\n");
    page.append(Overview.of(run)).append(contents(sections));
    sections.stream().filter(s -> !s.isMissing()).forEach(s -> page.append(s.html()));
    page.append(missing(sections));
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private static String head(String engine) {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>Run of %s – sgpo</title>
        <style>
        %s%s%s</style>
        </head>
        """
        .formatted(Html.text(engine), Style.sheet(), Style.areas(), sheet());
  }

  private static String sheet() {
    try (InputStream in = RunReport.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new AssertionError("report.css is part of the library");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String contents(List<Section> sections) {
    StringBuilder nav = new StringBuilder("<nav aria-label=\"Sections\"><ul>\n");
    for (Section section : sections) {
      if (!section.isMissing()) {
        nav.append("<li><a href=\"#%s\">".formatted(section.id()))
            .append(Html.text(section.title()))
            .append("</a></li>\n");
      }
    }
    return nav.append("</ul></nav>\n").toString();
  }

  private static String missing(List<Section> sections) {
    StringBuilder list = new StringBuilder();
    for (Section section : sections) {
      if (section.isMissing()) {
        list.append("<li>").append(Html.text(section.missing())).append("</li>\n");
      }
    }
    return list.isEmpty()
        ? ""
        : "<section aria-labelledby=\"missing\">\n<h2 id=\"missing\">Not in this run</h2>\n<ul>\n"
            + list
            + "</ul>\n</section>\n";
  }
}
