package io.sgpo.spi;

import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.run.Usage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a run has done so far, as it is reported at its end. */
final class RunHistory {

  private final List<AnnotatedPair> annotations = new ArrayList<>();
  private final List<RoundReport> rounds = new ArrayList<>();
  private final List<EvaluationReport> evaluations = new ArrayList<>();
  private Usage used = Usage.NONE;

  static RunHistory of(RunState state, List<AnnotatedPair> annotations) {
    RunHistory history = new RunHistory();
    history.annotations.addAll(annotations);
    state.states("rounds").forEach(r -> history.rounds.add(StateForms.round(r, annotations)));
    state.states("evaluations").forEach(e -> history.evaluations.add(StateForms.evaluation(e)));
    history.used = StateForms.usage(state.state("used"));
    return history;
  }

  void save(RunState state) {
    state.put("used", StateForms.of(used));
    state.put("rounds", rounds.stream().map(StateForms::of).toList());
    state.put("evaluations", evaluations.stream().map(StateForms::of).toList());
  }

  void add(List<AnnotatedPair> pairs) {
    annotations.addAll(pairs);
  }

  void add(RoundReport round) {
    rounds.add(round);
  }

  void add(EvaluationReport evaluation) {
    evaluations.add(evaluation);
  }

  void use(Usage more) {
    used = used.plus(more);
  }

  Usage used() {
    return used;
  }

  List<AnnotatedPair> annotations() {
    return Collections.unmodifiableList(annotations);
  }

  List<RoundReport> rounds() {
    return Collections.unmodifiableList(rounds);
  }

  List<EvaluationReport> evaluations() {
    return Collections.unmodifiableList(evaluations);
  }

  /** How many measures in a row were no better than one before them. */
  int withoutImprovement() {
    int count = 0;
    for (EvaluationReport evaluation : evaluations) {
      count = evaluation.best() ? 0 : count + 1;
    }
    return count;
  }
}
