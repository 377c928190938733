package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sgpo.policy.LogProbs;
import io.sgpo.train.Interruption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Log-probabilities of responses, without gradients. */
final class Scorer {

  private Scorer() {}

  /**
   * @param decoder the model
   * @param rows what to score
   * @param temperature T {@code > 0}
   * @param packing how they are laid out
   * @param dropout of the training step that scores, which clears it at its end; null for none
   */
  static List<LogProbs> score(
      Decoder decoder,
      List<Row> rows,
      double temperature,
      Packing packing,
      @Nullable Dropout dropout) {
    double[][] values = new double[rows.size()][0];
    for (Pass pass : packing.passes(rows)) {
      Interruption.check("scoring");
      try (NDManager scratch = decoder.scratch()) {
        if (dropout != null) {
          decoder.call("set_dropout", false, pass.dropoutKeys(scratch, dropout));
        }
        NDArray scores =
            decoder.call("score", false, pass.batch(scratch, temperature)).singletonOrThrow();
        pass.scatter(scores.toFloatArray(), values);
      }
    }
    return logProbs(values);
  }

  static List<LogProbs> logProbs(double[][] byRow) {
    return Arrays.stream(byRow).map(LogProbs::of).toList();
  }
}
