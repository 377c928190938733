package io.sgpo.ssapo;

import io.sgpo.policy.Sample;
import io.sgpo.policy.TrainablePolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * The policy as its own judge: the implicit reward r = β (log π(y | x) − log π_ref(y | x)), both at
 * temperature 1 whatever the temperature of the draw.
 */
final class SelfAnnotator implements Annotator {

  private final double beta;

  SelfAnnotator(double beta) {
    this.beta = beta;
  }

  @Override
  public Judgement score(
      List<List<Sample>> samples, List<double[]> reference, TrainablePolicy policy) {
    List<double[]> current = SequenceScores.sums(policy, samples);
    List<double[]> rewards = new ArrayList<>(current.size());
    for (int p = 0; p < current.size(); p++) {
      double[] row = new double[current.get(p).length];
      for (int i = 0; i < row.length; i++) {
        row[i] = beta * (current.get(p)[i] - reference.get(p)[i]);
      }
      rewards.add(row);
    }
    return new Judgement(rewards, current);
  }

  @Override
  public long comparisons(List<List<Sample>> samples) {
    return 0;
  }

  @Override
  public JudgeCounts counts() {
    return JudgeCounts.NONE;
  }
}
