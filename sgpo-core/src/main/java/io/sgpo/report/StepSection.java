package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.figure.Axis;
import io.sgpo.figure.Panel;
import io.sgpo.figure.Series;
import io.sgpo.figure.Style;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The section on training steps. */
final class StepSection {

  private static final String ID = "steps";
  private static final String TITLE = "Training steps";

  /** From so many steps on, their running mean is drawn too. */
  private static final int MANY = 60;

  /** The running mean is over this share of the steps. */
  private static final int PARTS = 25;

  private static final int ROWS = 12;

  private StepSection() {}

  static Section of(RunFiles run) {
    if (run.steps().isEmpty()) {
      return Section.missing(ID, TITLE, "No training step was taken yet.");
    }
    return Section.of(
        ID,
        TITLE,
        Section.cards(
            List.of(
                card(run, "loss", "Loss", "mean over the batch", "What the step descended."),
                card(
                    run,
                    "gradientNorm",
                    "Norm of the gradient",
                    "before clipping",
                    "All trained weights together."))));
  }

  private static Card card(
      RunFiles run, String field, String title, String unit, String description) {
    double[] values =
        run.steps().stream().mapToDouble(step -> RunFiles.number(step, field)).toArray();
    int[] finite =
        IntStream.range(0, values.length).filter(i -> Double.isFinite(values[i])).toArray();
    double[] xs = IntStream.of(finite).mapToDouble(i -> i + 1).toArray();
    double[] ys = IntStream.of(finite).mapToDouble(i -> values[i]).toArray();
    Axis x = Ranges.counting("training step (faint lines: ends of rounds)", 1, values.length);
    Panel panel = new Panel(title, x, Ranges.holding(unit, values));
    var ends = run.lastSteps().values();
    ends.stream().filter(end -> end < values.length).forEach(panel::vertical);
    String caption = description;
    if (ys.length >= MANY) {
      int window = ys.length / PARTS;
      panel.add(new Series("step", Style.FAINT, Series.Form.THIN, xs, ys));
      double[] means = running(ys, window);
      panel.add(new Series("mean of " + window, Style.BLUE, Series.Form.LINE, xs, means));
    } else {
      panel.add(new Series("step", Style.BLUE, Series.Form.LINE, xs, ys));
    }
    return new Card(
        "step-" + field, title, panel, caption, List.of("step", "round", field), rows(run, values));
  }

  /** The mean of a value and those before it, so many together. */
  static double[] running(double[] values, int window) {
    double[] means = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int from = Math.max(0, i + 1 - window);
      means[i] = Arrays.stream(values, from, i + 1).average().orElse(Double.NaN);
    }
    return means;
  }

  /** The first step, the last, and some between. */
  private static List<List<String>> rows(RunFiles run, double[] values) {
    List<List<String>> rows = new ArrayList<>();
    int count = Math.min(ROWS, values.length);
    for (int k = 0; k < count; k++) {
      int i = count == 1 ? 0 : (int) ((long) k * (values.length - 1) / (count - 1));
      JsonNode step = run.steps().get(i);
      rows.add(
          List.of(String.valueOf(i + 1), step.path("round").asText(), Numbers.word(values[i])));
    }
    return rows;
  }
}
