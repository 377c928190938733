package io.sgpo.ssapo;

import io.sgpo.policy.Sample;
import io.sgpo.policy.TrainablePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scores a prompt's responses; the best becomes chosen, the worst rejected. */
interface Annotator {

  /**
   * Scores the responses of several prompts.
   *
   * @param samples for every prompt, its responses, at least two and all different
   * @param reference log π_ref(y | x) of each at temperature 1
   * @param policy the policy as it is now
   * @throws io.sgpo.run.JudgeFailedException if a judge answered nothing
   */
  Judgement score(List<List<Sample>> samples, List<double[]> reference, TrainablePolicy policy);

  /**
   * What an annotator says.
   *
   * @param scores for every prompt, a score per response; NaN for one that could not be scored.
   *     Where the best and the worst score are equal there is no pair
   * @param current log π(y | x) of each at temperature 1, or null if the annotator had no need of
   *     it
   */
  record Judgement(List<double[]> scores, @Nullable List<double[]> current) {}

  /** How many comparisons a judge is asked for to score these, 0 without a judge. */
  long comparisons(List<List<Sample>> samples);

  /** The verdicts that gave no score so far, for the reports. */
  JudgeCounts counts();
}
