package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The section on where the time went. */
final class TimeSection {

  private static final String ID = "time";
  private static final String TITLE = "Time by phase";
  private static final double PERCENT = 100;

  private TimeSection() {}

  static Section of(RunFiles run) {
    List<Map.Entry<String, JsonNode>> phases =
        new ArrayList<>(run.usage().path("seconds").properties());
    double total = phases.stream().mapToDouble(phase -> phase.getValue().asDouble()).sum();
    if (!(total > 0)) {
      return Section.missing(ID, TITLE, "No checkpoint has told yet where the time went.");
    }
    phases.sort(Comparator.comparingDouble(phase -> -phase.getValue().asDouble()));
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, JsonNode> phase : phases) {
      double seconds = phase.getValue().asDouble();
      rows.add(List.of(phase.getKey(), Numbers.word(seconds), share(seconds / total)));
    }
    rows.add(List.of("all", Numbers.word(total), share(1)));
    String caption =
        "<p>Seconds up to the last checkpoint, of all processes that worked on the run. What a"
            + " process did after its last checkpoint is not counted.</p>\n";
    return Section.of(ID, TITLE, caption + Html.table(List.of("phase", "seconds", "share"), rows));
  }

  private static String share(double of) {
    return Numbers.word(Math.round(of * PERCENT * 10) / 10.0) + " %";
  }
}
