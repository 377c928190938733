package io.sgpo.train;

import io.sgpo.run.AlignmentListener;
import io.sgpo.run.CheckpointReport;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Wall-clock time per round and phase: an engine's own (reference, annotate, score, follower and
 * train of one that learns from pairs; sample, judge, reference and train of an on-policy one) from
 * the events of progress, each of which ends a piece of its phase; evaluate and checkpoint from
 * theirs, counted to the round that is under way. Times are no metrics of a round, whose report is
 * a function of options and data. Not thread-safe; read it after the run or on its thread.
 */
public final class PhaseTimes implements AlignmentListener {

  private static final double NANOS = 1e-9;

  private final LongSupplier clock;
  private final Map<Integer, Map<String, Double>> seconds = new LinkedHashMap<>();
  private long last;
  private int round;

  /** Starts now. */
  public PhaseTimes() {
    this(System::nanoTime);
  }

  /**
   * @param clock in nanoseconds
   */
  PhaseTimes(LongSupplier clock) {
    this.clock = clock;
    this.last = clock.getAsLong();
  }

  @Override
  public void onProgress(Progress progress) {
    round = progress.round();
    lap(progress.phase());
  }

  @Override
  public void onEvaluation(EvaluationReport evaluation) {
    lap("evaluate");
  }

  @Override
  public void onCheckpoint(CheckpointReport checkpoint) {
    lap("checkpoint");
  }

  private void lap(String phase) {
    long now = clock.getAsLong();
    seconds
        .computeIfAbsent(round, of -> new LinkedHashMap<>())
        .merge(phase, (now - last) * NANOS, Double::sum);
    last = now;
  }

  /** Seconds by phase of a round; nothing of a round that has not begun. */
  public Map<String, Double> seconds(int ofRound) {
    return Map.copyOf(seconds.getOrDefault(ofRound, Map.of()));
  }

  /** Seconds by phase, of all rounds together. */
  public Map<String, Double> seconds() {
    Map<String, Double> sum = new LinkedHashMap<>();
    seconds
        .values()
        .forEach(round -> round.forEach((phase, value) -> sum.merge(phase, value, Double::sum)));
    return sum;
  }
}
