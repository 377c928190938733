package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sgpo.policy.LogProbs;
import java.util.List;

/**
 * Log-probabilities of responses under the geometric mixture of a policy with a reference,
 * normalised token by token: softmax((1 − m) log p + m log r). Both read the rows once; the
 * vocabulary goes through both heads a chunk of positions at a time.
 */
final class MixtureScorer {

  private MixtureScorer() {}

  /**
   * @param reference of the same vocabulary
   * @param mixture m, finite; below 0 it leads away from the reference
   * @throws IllegalArgumentException if the vocabularies differ in size
   */
  static List<LogProbs> score(
      Decoder policy, Decoder reference, int batchTokens, List<Row> rows, double mixture) {
    int vocabulary = policy.config().vocabularySize();
    int other = reference.config().vocabularySize();
    if (other != vocabulary) {
      throw new IllegalArgumentException(
          "the reference's vocab_size must be that of the policy, %d, but was %d"
              .formatted(vocabulary, other));
    }
    Packing packing = Packing.of(policy.config(), batchTokens);
    return score(
        policy, reference, packing, rows, mixture, ScoringPasses.plan(List.of(policy, reference)));
  }

  /**
   * @param lanes how many passes go through side by side; more than one on the CPU only
   */
  static List<LogProbs> score(
      Decoder policy,
      Decoder reference,
      Packing packing,
      List<Row> rows,
      double mixture,
      LanePlan lanes) {
    ScoringPasses passes = ScoringPasses.of(rows, packing, lanes);
    int most = DecoderArchive.headChunk(policy.config(), Precision.FLOAT32);
    int chunk = Math.max(1, most / passes.lanes());
    double[][] values = new double[rows.size()][0];
    passes.run(pass -> pass.scatter(score(policy, reference, pass, mixture, chunk), values));
    return Scorer.logProbs(values);
  }

  private static float[] score(
      Decoder policy, Decoder reference, Pass pass, double mixture, int chunk) {
    float[] scores = new float[pass.scored()];
    try (NDManager scratch = policy.scratch();
        NDManager others = reference.scratch()) {
      NDArray own = states(policy, scratch, pass);
      NDArray other = states(reference, others, pass);
      NDArray targets = pass.targets(scratch);
      for (int start = 0; start < scores.length; start += chunk) {
        int end = Math.min(scores.length, start + chunk);
        try (NDManager part = policy.scratch();
            NDManager otherPart = reference.scratch()) {
          NDArray range = part.create(new long[] {start, end});
          NDArray p = distribution(policy, part, own, range);
          NDArray r = distribution(reference, otherPart, other, range);
          float[] mixed =
              policy
                  .call("mixed_score", false, p, r, targets, range, part.create((float) mixture))
                  .singletonOrThrow()
                  .toFloatArray();
          System.arraycopy(mixed, 0, scores, start, mixed.length);
        }
      }
    }
    return scores;
  }

  private static NDArray states(Decoder model, NDManager scratch, Pass pass) {
    return model.call("states", false, pass.layout(scratch)).singletonOrThrow();
  }

  private static NDArray distribution(
      Decoder model, NDManager scratch, NDArray states, NDArray range) {
    return model.call("distribution", false, states, range, scratch.create(1f)).singletonOrThrow();
  }
}
