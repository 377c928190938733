package io.sgpo.spi;

import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.Metric;
import io.sgpo.run.MetricValues;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.run.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of a run's result as states, and back. */
final class StateForms {

  private StateForms() {}

  static RunState of(Usage used) {
    return new RunState()
        .put("steps", used.steps())
        .put("tokens", used.tokens())
        .put("judgeCalls", used.judgeCalls());
  }

  static Usage usage(RunState state) {
    return new Usage(state.integer("steps"), state.integer("tokens"), state.integer("judgeCalls"));
  }

  static RunState of(EvaluationReport evaluation) {
    return new RunState()
        .put("measure", evaluation.measure())
        .put("step", evaluation.step())
        .put("value", evaluation.value())
        .put("best", evaluation.best());
  }

  static EvaluationReport evaluation(RunState state) {
    return new EvaluationReport(
        state.text("measure"), state.integer("step"), state.number("value"), state.flag("best"));
  }

  /** Without the annotations, which are recorded by themselves. */
  static RunState of(RoundReport report) {
    List<RunState> metrics = new ArrayList<>();
    report
        .metrics()
        .values()
        .forEach(
            (metric, value) ->
                metrics.add(
                    new RunState()
                        .put("name", metric.name())
                        .put("unit", metric.unit())
                        .put("formula", metric.formula())
                        .put("value", value.doubleValue())));
    return new RunState().put("round", report.round()).put("metrics", metrics);
  }

  /**
   * @param annotations those of all rounds
   */
  static RoundReport round(RunState state, List<AnnotatedPair> annotations) {
    int round = state.count("round");
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    for (RunState metric : state.states("metrics")) {
      metrics.put(
          new Metric(metric.text("name"), metric.text("unit"), metric.text("formula")),
          metric.number("value"));
    }
    List<AnnotatedPair> own = annotations.stream().filter(pair -> pair.round() == round).toList();
    return new RoundReport(round, new MetricValues(metrics), own);
  }
}
