package io.sgpo.spi;

import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.MetricValues;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.run.Usage;
import java.util.List;

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
        .put("lower", evaluation.lower())
        .put("upper", evaluation.upper())
        .put("best", evaluation.best())
        .put("others", evaluation.others().toState());
  }

  static EvaluationReport evaluation(RunState state) {
    return new EvaluationReport(
        state.text("measure"),
        state.integer("step"),
        state.number("value"),
        state.number("lower"),
        state.number("upper"),
        state.flag("best"),
        MetricValues.of(state.state("others")));
  }

  /** Without the annotations, which are recorded by themselves. */
  static RunState of(RoundReport report) {
    return report.metrics().toState().put("round", report.round());
  }

  /**
   * @param annotations those of all rounds
   */
  static RoundReport round(RunState state, List<AnnotatedPair> annotations) {
    int round = state.count("round");
    List<AnnotatedPair> own = annotations.stream().filter(pair -> pair.round() == round).toList();
    return new RoundReport(round, MetricValues.of(state), own);
  }
}
