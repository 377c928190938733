package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.figure.Axis;
import io.sgpo.figure.Panel;
import io.sgpo.figure.Series;
import io.sgpo.figure.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Metrics by round, several in a diagram.
 *
 * @param id of its figure
 * @param title what is drawn
 * @param unit what the values are measured in
 * @param caption what it says
 * @param lines the metrics; those that the run does not report are left out
 */
record RoundCurves(String id, String title, String unit, String caption, List<Line> lines) {

  /** A metric and its word in the legend. */
  record Line(String metric, String label, Style style) {}

  static RoundCurves of(String id, String title, String unit, String caption, Line... lines) {
    return new RoundCurves(id, title, unit, caption, List.of(lines));
  }

  /** The figure, if the run reports any of the metrics. */
  Optional<Card> card(RunFiles run) {
    List<Line> reported =
        lines.stream().filter(line -> run.reports(line.metric()::equals)).toList();
    if (reported.isEmpty()) {
      return Optional.empty();
    }
    double[] rounds = run.rounds().stream().mapToDouble(RoundCurves::round).toArray();
    Axis x =
        Ranges.counting(
            "round",
            DoubleStream.of(rounds).min().orElse(0),
            DoubleStream.of(rounds).max().orElse(0));
    double[] all =
        reported.stream()
            .flatMapToDouble(line -> run.rounds().stream().mapToDouble(line(line)))
            .toArray();
    Panel panel = new Panel(title, x, Ranges.holding(unit, all));
    reported.forEach(line -> panel.add(series(run, line)));
    return Optional.of(new Card(id, title, panel, caption, head(reported), rows(run, reported)));
  }

  private static double round(JsonNode round) {
    return round.path("round").asInt();
  }

  private static ToDoubleFunction<JsonNode> line(Line line) {
    return round -> RunFiles.number(round, line.metric());
  }

  private static Series series(RunFiles run, Line line) {
    List<JsonNode> measured =
        run.rounds().stream()
            .filter(round -> Double.isFinite(RunFiles.number(round, line.metric())))
            .toList();
    double[] xs = measured.stream().mapToDouble(RoundCurves::round).toArray();
    double[] ys = measured.stream().mapToDouble(line(line)).toArray();
    return new Series(line.label(), line.style(), Series.Form.DOTTED, xs, ys);
  }

  private static List<String> head(List<Line> lines) {
    List<String> head = new ArrayList<>(List.of("round"));
    lines.forEach(line -> head.add(line.metric()));
    return head;
  }

  private static List<List<String>> rows(RunFiles run, List<Line> lines) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode round : run.rounds()) {
      List<String> row = new ArrayList<>(List.of(round.path("round").asText()));
      lines.forEach(line -> row.add(Numbers.word(RunFiles.number(round, line.metric()))));
      rows.add(row);
    }
    return rows;
  }
}
