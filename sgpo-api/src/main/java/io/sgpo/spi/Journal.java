package io.sgpo.spi;

import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.AnswerReport;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is to be appended to a record, gathered so that a short step does not wait for a disk. */
final class Journal {

  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final RunRecord record;
  private final List<AnnotatedPair> annotations = new ArrayList<>();
  private final List<StepReport> steps = new ArrayList<>();
  private final List<GapReport> gaps = new ArrayList<>();
  private final List<AnswerReport> answers = new ArrayList<>();
  private final List<RoundReport> rounds = new ArrayList<>();
  private final List<EvaluationReport> evaluations = new ArrayList<>();
  private long flushed = System.nanoTime();

  Journal(RunRecord record) {
    this.record = record;
  }

  void add(UnitContext.Done done) {
    annotations.addAll(done.annotations());
    steps.addAll(done.steps());
    gaps.addAll(done.gaps());
    answers.addAll(done.answers());
    rounds.addAll(done.rounds());
    if (System.nanoTime() - flushed > FLUSH_NANOS) {
      flush();
    }
  }

  void add(EvaluationReport evaluation) {
    evaluations.add(evaluation);
  }

  void flush() {
    flushed = System.nanoTime();
    if (isEmpty()) {
      return;
    }
    Shield.run(
        () -> {
          record.annotations(List.copyOf(annotations));
          record.steps(List.copyOf(steps));
          for (GapReport report : gaps) {
            record.gaps(report);
          }
          for (AnswerReport report : answers) {
            record.answers(report);
          }
          for (RoundReport round : rounds) {
            record.round(round);
          }
          for (EvaluationReport evaluation : evaluations) {
            record.evaluation(evaluation);
          }
        });
    annotations.clear();
    steps.clear();
    gaps.clear();
    answers.clear();
    rounds.clear();
    evaluations.clear();
  }

  private boolean isEmpty() {
    return annotations.isEmpty()
        && steps.isEmpty()
        && gaps.isEmpty()
        && answers.isEmpty()
        && rounds.isEmpty()
        && evaluations.isEmpty();
  }
}
