package io.sgpo.lm;

import ai.djl.ndarray.NDManager;
import io.sgpo.policy.LogProbs;
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
   * @param lanes how many passes go through side by side; more than one on the CPU only
   */
  static List<LogProbs> score(
      Decoder decoder, List<Row> rows, double temperature, Packing packing, LanePlan lanes) {
    return score(decoder, rows, temperature, ScoringPasses.of(rows, packing, lanes), null);
  }

  /**
   * In one lane, since the kernels have the dropout of one pass.
   *
   * @param dropout of the training step that scores, which clears it at its end
   */
  static List<LogProbs> score(
      Decoder decoder, List<Row> rows, double temperature, Packing packing, Dropout dropout) {
    ScoringPasses passes = ScoringPasses.of(rows, packing, LanePlan.ONE);
    return score(decoder, rows, temperature, passes, dropout);
  }

  private static List<LogProbs> score(
      Decoder decoder,
      List<Row> rows,
      double temperature,
      ScoringPasses passes,
      @Nullable Dropout dropout) {
    double[][] values = new double[rows.size()][0];
    passes.run(
        pass -> {
          try (NDManager scratch = decoder.scratch()) {
            if (dropout != null) {
              decoder.call("set_dropout", false, pass.dropoutKeys(scratch, dropout));
            }
            pass.scatter(
                decoder
                    .call("score", false, pass.batch(scratch, temperature))
                    .singletonOrThrow()
                    .toFloatArray(),
                values);
          }
        });
    return logProbs(values);
  }

  static List<LogProbs> logProbs(double[][] byRow) {
    return Arrays.stream(byRow).map(LogProbs::of).toList();
  }
}
