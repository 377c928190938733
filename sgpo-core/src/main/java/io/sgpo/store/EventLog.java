package io.sgpo.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.tensorboard.Events;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The event file of a run directory. It is cut back with the other files when a run is resumed, so
 * it holds every step once; the number of a step and the last step of a round are counted anew
 * then.
 */
final class EventLog {

  static final String NAME = "events.out.tfevents.sgpo";

  private static final double MILLIS = 1e-3;

  private final Appended appended;
  private final Map<Integer, Long> lastSteps = new HashMap<>();
  private long steps;

  EventLog(Appended appended) {
    this.appended = appended;
  }

  /**
   * Counts the steps of before.
   *
   * @param file a line per step, each with its round; it may be missing
   */
  void count(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode step = Json.MAPPER.readTree(line);
        lastSteps.put(step.path("round").asInt(), ++steps);
      }
    }
  }

  void steps(List<StepReport> reports) throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (StepReport report : reports) {
      lastSteps.put(report.round(), ++steps);
      records.writeBytes(Events.step(now(), steps, report));
    }
    append(records.toByteArray());
  }

  void gaps(GapReport gaps) throws IOException {
    boolean before = gaps.moment() == GapReport.Moment.BEFORE;
    append(Events.gaps(now(), lastStep(before ? gaps.round() - 1 : gaps.round()), gaps));
  }

  void round(RoundReport round) throws IOException {
    append(Events.round(now(), lastStep(round.round()), round));
  }

  void evaluation(EvaluationReport evaluation) throws IOException {
    append(Events.evaluation(now(), evaluation));
  }

  /** Of a round, or of the last one before that had a step. */
  private long lastStep(int round) {
    return lastSteps.entrySet().stream()
        .filter(entry -> entry.getKey() <= round)
        .mapToLong(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  private void append(byte[] records) throws IOException {
    if (records.length == 0) {
      return;
    }
    if (appended.lengths().getOrDefault(NAME, 0L) == 0) {
      appended.append(NAME, Events.version(now()));
    }
    appended.append(NAME, records);
  }

  private static double now() {
    return System.currentTimeMillis() * MILLIS;
  }
}
