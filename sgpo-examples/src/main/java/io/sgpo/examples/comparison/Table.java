package io.sgpo.examples.comparison;

import io.sgpo.solvers.stats.MeanDifference;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Means over the seeds, with 95 % t intervals.
 *
 * @param rows by method, one entry per seed
 */
record Table(Map<String, List<Marks>> rows) {

  private static final double CONFIDENCE = 0.95;

  void print() {
    Comparison.print(
        "| method | preference over the start, %% | KL | at matched KL, %% | tokens |");
    Comparison.print("|---|---|---|---|---|");
    rows.forEach(
        (name, marks) ->
            Comparison.print(
                "| %s | %s | %.2f | %s | %.1f |",
                name,
                percent(marks, Marks::preference),
                mean(marks, Marks::kl),
                percent(marks, Marks::matched),
                mean(marks, Marks::tokens)));
  }

  private static double mean(List<Marks> marks, ToDoubleFunction<Marks> of) {
    return marks.stream().mapToDouble(of).average().orElseThrow();
  }

  private static String percent(List<Marks> marks, ToDoubleFunction<Marks> of) {
    double[] values = marks.stream().mapToDouble(of).toArray();
    double mean = 100 * mean(marks, of);
    if (values.length < 2) {
      return "%.1f".formatted(mean);
    }
    MeanDifference interval = MeanDifference.paired(values, new double[values.length], CONFIDENCE);
    return "%.1f [%.1f, %.1f]".formatted(mean, 100 * interval.lower(), 100 * interval.upper());
  }
}
