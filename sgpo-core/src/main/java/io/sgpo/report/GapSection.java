package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.figure.Axis;
import io.sgpo.figure.Panel;
import io.sgpo.figure.Series;
import io.sgpo.figure.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The section on the gaps of the pairs: their distributions, and weights against them. */
final class GapSection {

  /** How many rounds are drawn; of more, the first ones and the last. */
  private static final int ROUNDS = 6;

  private static final List<Integer> TOLD = List.of(0, 5, 25, 50, 75, 95, 100);

  private GapSection() {}

  static Section of(RunFiles run) {
    if (run.gaps().isEmpty()) {
      return Section.missing(
          "gaps", "Gaps", "No gaps of pairs were recorded, so there are no distributions of them.");
    }
    Map<Integer, List<JsonNode>> rounds = new TreeMap<>();
    for (JsonNode report : run.gaps()) {
      rounds.computeIfAbsent(report.path("round").asInt(), round -> new ArrayList<>()).add(report);
    }
    List<Integer> numbers = new ArrayList<>(rounds.keySet());
    if (numbers.size() > ROUNDS) {
      numbers.subList(ROUNDS / 2, numbers.size() - ROUNDS / 2).clear();
    }
    List<Card> cards = new ArrayList<>();
    for (int round : numbers) {
      cards.add(distribution(round, rounds.getOrDefault(round, List.of())));
    }
    cards.addAll(weights(run.gaps()));
    String lead =
        "<p>A gap ξ is β times the log-ratio of the chosen answer less that of the rejected one:"
            + " what the policy adds to the reference. Each is as it was when its pair was last"
            + " seen."
            + (rounds.size() > ROUNDS ? " Of " + rounds.size() + " rounds some are shown." : "")
            + "</p>\n";
    return Section.of("gaps", "Gaps", lead + Section.cards(cards));
  }

  private static Card distribution(int round, List<JsonNode> reports) {
    double[][] percentiles = reports.stream().map(GapSection::percentiles).toArray(double[][]::new);
    double least = Stream.of(percentiles).mapToDouble(Histogram::lower).min().orElse(0);
    double most = Stream.of(percentiles).mapToDouble(Histogram::upper).max().orElse(0);
    Histogram bins = Histogram.between(least, most);
    List<Series> series = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < percentiles.length; i++) {
      boolean before = reports.get(i).path("moment").asText().equals("before");
      series.add(
          new Series(
              before ? "before training" : "after",
              before ? Style.ORANGE : Style.BLUE,
              before ? Series.Form.LINE : Series.Form.AREA,
              bins.edges(),
              bins.heights(percentiles[i])));
      rows.add(row(reports.get(i), percentiles[i]));
    }
    double[] heights =
        series.stream().flatMapToDouble(line -> DoubleStream.of(line.ys())).toArray();
    String title = round == 0 ? "Gaps of the warm start" : "Gaps of round " + round;
    Panel panel =
        new Panel(title, bins.axis("gap ξ (nat)"), Ranges.fromZero("share of the pairs", heights));
    if (least < 0 && most > 0) {
      panel.vertical(0);
    }
    series.forEach(panel::add);
    boolean hasBefore = rows.size() > 1;
    return new Card(
        "gaps-" + round,
        title,
        panel,
        hasBefore
            ? "The pairs right of 0 are ranked as labelled."
            : "The pairs right of 0 are ranked as labelled. Before the training the policy had not"
                + " seen them; where it was its own reference, every gap was 0.",
        head(),
        rows);
  }

  private static double[] percentiles(JsonNode report) {
    return StreamSupport.stream(report.path("percentiles").spliterator(), false)
        .mapToDouble(RunFiles::number)
        .toArray();
  }

  private static List<String> head() {
    List<String> head = new ArrayList<>(List.of("", "pairs"));
    TOLD.forEach(percent -> head.add(percent + " %"));
    return head;
  }

  private static List<String> row(JsonNode report, double[] percentiles) {
    List<String> row =
        new ArrayList<>(List.of(report.path("moment").asText(), report.path("pairs").asText()));
    for (int percent : TOLD) {
      row.add(Numbers.word(percentiles[percent * (percentiles.length - 1) / 100]));
    }
    return row;
  }

  /** The first round with weights, and the last. */
  private static List<Card> weights(List<JsonNode> reports) {
    List<JsonNode> weighted =
        reports.stream().filter(report -> !report.path("weights").isEmpty()).toList();
    if (weighted.isEmpty()) {
      return List.of();
    }
    List<JsonNode> drawn = new ArrayList<>(List.of(weighted.get(weighted.size() - 1)));
    if (weighted.size() > 1) {
      drawn.add(0, weighted.get(0));
    }
    List<Series> series = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      String round = drawn.get(i).path("round").asText();
      double[] gaps = column(drawn.get(i), 0);
      double[] weights = column(drawn.get(i), 1);
      boolean last = i == drawn.size() - 1;
      series.add(
          new Series(
              "round " + round,
              last ? Style.BLUE : Style.ORANGE,
              Series.Form.POINTS,
              gaps,
              weights));
      for (int k = 0; k < gaps.length; k += Math.max(1, gaps.length / 10)) {
        rows.add(List.of(round, Numbers.word(gaps[k]), Numbers.word(weights[k])));
      }
    }
    Axis x = Ranges.holding("gap ξ (nat)", all(series, Series::xs));
    Axis y = Ranges.fromZero("w, relative to the plain loss", all(series, Series::ys));
    Panel panel = new Panel("Weights against margins", x, y).horizontal(1);
    series.forEach(panel::add);
    return List.of(
        new Card(
            "weights-margins",
            "Weights against margins",
            panel,
            "A dot is a pair, at the gap for which the follower was last asked in the round; at 1"
                + " it weighs what it weighs without a follower.",
            List.of("round", "gap", "weight"),
            rows));
  }

  private static double[] all(List<Series> series, Function<Series, double[]> column) {
    return series.stream().flatMapToDouble(line -> DoubleStream.of(column.apply(line))).toArray();
  }

  private static double[] column(JsonNode report, int index) {
    return StreamSupport.stream(report.path("weights").spliterator(), false)
        .mapToDouble(pair -> RunFiles.number(pair.path(index)))
        .toArray();
  }
}
