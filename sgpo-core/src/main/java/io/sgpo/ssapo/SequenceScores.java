package io.sgpo.ssapo;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import java.util.ArrayList;
import java.util.List;

/** Log-probabilities of whole responses. */
final class SequenceScores {

  private SequenceScores() {}

  /** log π(y | x) at temperature 1 of every sample, a row per prompt. */
  static List<double[]> sums(Policy policy, List<List<Sample>> samples) {
    List<Exchange> exchanges =
        samples.stream().flatMap(List::stream).map(Sample::exchange).toList();
    List<LogProbs> scores = exchanges.isEmpty() ? List.of() : policy.logProbs(exchanges);
    List<double[]> rows = new ArrayList<>(samples.size());
    int next = 0;
    for (List<Sample> ofPrompt : samples) {
      double[] row = new double[ofPrompt.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = scores.get(next++).sum();
      }
      rows.add(row);
    }
    return rows;
  }
}
