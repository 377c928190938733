package io.sgpo.judge;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.train.Verdicts;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a judge was asked and how it answered. As thread-safe as the judge. */
public final class CountingJudge implements PreferenceModel {

  private final PreferenceModel judge;
  private final LongAdder comparisons = new LongAdder();
  private final LongAdder abstentions = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private CountingJudge(PreferenceModel judge) {
    this.judge = judge;
  }

  public static CountingJudge of(PreferenceModel judge) {
    return new CountingJudge(Objects.requireNonNull(judge, "judge"));
  }

  @Override
  public String identity() {
    return judge.identity();
  }

  @Override
  public List<Verdict> compare(List<Comparison> asked) {
    comparisons.add(asked.size());
    List<Verdict> verdicts = Verdicts.of(judge, asked);
    for (Verdict verdict : verdicts) {
      if (verdict instanceof Verdict.Abstention) {
        abstentions.increment();
      } else if (verdict instanceof Verdict.Failure) {
        failures.increment();
      }
    }
    return verdicts;
  }

  /** Comparisons that were put to the judge, answered or not. */
  public long comparisons() {
    return comparisons.sum();
  }

  /** Comparisons that it declined. */
  public long abstentions() {
    return abstentions.sum();
  }

  /** Comparisons that it failed to answer. */
  public long failures() {
    return failures.sum();
  }
}
