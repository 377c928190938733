package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.figure.Axis;
import io.sgpo.figure.Panel;
import io.sgpo.figure.Series;
import io.sgpo.figure.Style;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The section on held-out measures. */
final class EvaluationSection {

  private static final String ID = "evaluations";
  private static final String TITLE = "Held-out measures";
  private static final String WIN_RATE = "held-out.win-rate";
  private static final String OTHERS = "others";
  private static final String ACCURACY = "held-out.accuracy";

  private EvaluationSection() {}

  static Section of(RunFiles run) {
    if (run.evaluations().isEmpty()) {
      return Section.missing(
          ID, TITLE, "Nothing was measured on held-out data, so there are no win rates by round.");
    }
    Set<String> measures = new LinkedHashSet<>();
    run.evaluations().forEach(e -> measures.add(e.path("measure").asText()));
    List<Card> cards = new ArrayList<>();
    for (String measure : measures) {
      cards.add(
          card(
              run,
              measure,
              run.evaluations().stream()
                  .filter(e -> e.path("measure").asText().equals(measure))
                  .toList()));
    }
    return Section.of(ID, TITLE, Section.cards(cards));
  }

  private static Card card(RunFiles run, String measure, List<JsonNode> values) {
    double[] steps = column(values, "step");
    double[] means = column(values, "value");
    double[] lower = column(values, "lower");
    double[] upper = column(values, "upper");
    boolean share = measure.equals(WIN_RATE) || measure.equals(ACCURACY);
    double[] shown =
        Stream.of(means, lower, upper, share ? new double[] {0.5} : new double[0])
            .flatMapToDouble(DoubleStream::of)
            .toArray();
    Axis x =
        Ranges.counting(
            "training step (faint lines: ends of rounds)",
            DoubleStream.of(steps).min().orElse(0),
            DoubleStream.of(steps).max().orElse(0));
    String title = title(measure);
    Panel panel = new Panel(title, x, Ranges.holding(measure, shown));
    run.lastSteps().values().forEach(panel::vertical);
    if (share) {
      panel.horizontal(0.5);
    }
    for (int i = 0; i < values.size(); i++) {
      if (Double.isFinite(lower[i]) && Double.isFinite(upper[i])) {
        panel.interval(steps[i], lower[i], upper[i], Style.BLUE);
      }
    }
    panel.add(new Series(measure, Style.BLUE, Series.Form.DOTTED, steps, means));
    return new Card(
        "measure-" + Integer.toHexString(measure.hashCode()),
        title,
        panel,
        caption(measure),
        head(values),
        rows(run.lastSteps(), values));
  }

  private static List<String> head(List<JsonNode> values) {
    List<String> head =
        new ArrayList<>(List.of("step", "after round", "value", "lower", "upper", "best so far"));
    head.addAll(others(values));
    return head;
  }

  /** The names of what was measured beside the values. */
  private static Set<String> others(List<JsonNode> values) {
    Set<String> names = new LinkedHashSet<>();
    values.forEach(value -> value.path(OTHERS).fieldNames().forEachRemaining(names::add));
    return names;
  }

  private static double[] column(List<JsonNode> values, String field) {
    return values.stream().mapToDouble(value -> RunFiles.number(value, field)).toArray();
  }

  private static String title(String measure) {
    return switch (measure) {
      case WIN_RATE -> "Win rate against the start";
      case ACCURACY -> "Held-out pairs ranked as labelled";
      case "held-out.loss" -> "Loss on held-out pairs";
      default -> measure;
    };
  }

  private static String caption(String measure) {
    String bars = " Bars are 95 % intervals by resampling.";
    return switch (measure) {
      case WIN_RATE ->
          "Share of the held-out prompts on which the judge prefers the policy's answer to that of"
              + " the policy at the start, ties counting half; ½ is no difference."
              + bars;
      case ACCURACY -> "Share of the held-out pairs whose gap is above 0; ½ is the start." + bars;
      case "held-out.loss" -> "Mean loss of the gaps of held-out pairs; lower is better." + bars;
      default -> "A measure of the caller's. Bars, where there are any, are 95 % intervals.";
    };
  }

  private static List<List<String>> rows(
      NavigableMap<Integer, Integer> lastSteps, List<JsonNode> values) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode value : values) {
      int step = value.path("step").asInt();
      String round = "–";
      for (var last : lastSteps.entrySet()) {
        if (last.getValue() <= step) {
          round = last.getKey().toString();
        }
      }
      List<String> row = new ArrayList<>(List.of(String.valueOf(step), round));
      for (String field : List.of("value", "lower", "upper")) {
        row.add(Numbers.word(RunFiles.number(value, field)));
      }
      row.add(value.path("best").asBoolean() ? "yes" : "no");
      for (String name : others(values)) {
        row.add(Numbers.word(RunFiles.number(value.path(OTHERS), name)));
      }
      rows.add(row);
    }
    return rows;
  }
}
