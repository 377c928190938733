package io.sgpo.run;

import java.util.List;
import java.util.Objects;

/**
 * What happened in one round.
 *
 * @param round the round, from 1; 0 is the warm start
 * @param metrics what was measured
 * @param annotations the pairs annotated in this round
 */
public record RoundReport(int round, MetricValues metrics, List<AnnotatedPair> annotations) {
  public RoundReport {
    Objects.requireNonNull(metrics, "metrics");
    annotations = List.copyOf(annotations);
  }

  /** Round, number of annotations and metrics; never the text of a prompt or a response. */
  @Override
  public String toString() {
    return "round " + round + " with " + annotations.size() + " annotations " + metrics;
  }
}
