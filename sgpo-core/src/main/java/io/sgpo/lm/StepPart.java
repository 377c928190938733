package io.sgpo.lm;

import ai.djl.ndarray.NDManager;
import io.sgpo.policy.LogProbs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The weights of a role, and what a training step does to them. */
final class StepPart {

  private final Trainee trainee;
  private final double rate;
  private final boolean hasRows;
  private final @Nullable Dropout dropout;

  /** Lanes that have gradients. */
  private final Set<Integer> lanes = ConcurrentHashMap.newKeySet();

  /**
   * @param rate what the step's learning rate is multiplied with
   * @param hasRows whether the weights score a row of the batch; else the step leaves them alone
   */
  StepPart(Trainee trainee, double rate, boolean hasRows) {
    this.trainee = trainee;
    this.rate = rate;
    this.hasRows = hasRows;
    this.dropout = Dropout.of(trainee.decoder(), trainee.optimizer().step());
  }

  Decoder decoder() {
    return trainee.decoder();
  }

  /**
   * The scores of rows, without gradients.
   *
   * @param most as many lanes as the step has room for
   */
  List<LogProbs> score(List<Row> rows, double temperature, Packing packing, int most) {
    if (dropout != null) {
      return Scorer.score(decoder(), rows, temperature, packing, dropout);
    }
    LanePlan lanes = ScoringPasses.plan(List.of(decoder())).atMost(most);
    return Scorer.score(decoder(), rows, temperature, packing, lanes);
  }

  /**
   * All rows of a lane at once, ready for {@link #backward}; the arrays belong to the scratch
   * manager.
   */
  List<Graph> forward(
      int lane, NDManager scratch, List<Row> rows, double temperature, Packing packing) {
    Kernels kernels = decoder().lanes().get(lane);
    List<Graph> graphs = new ArrayList<>();
    for (Pass pass : packing.withoutLimit().passes(rows)) {
      graphs.add(Graph.forward(kernels, scratch, pass, temperature, dropout));
    }
    return graphs;
  }

  /** Adds the gradient of Σ coefficient · log-probability to those of the graphs' lane. */
  void backward(int lane, List<Graph> graphs, double[][] coefficients) {
    for (Graph graph : graphs) {
      graph.backward(coefficients);
      lanes.add(lane);
    }
  }

  /** Adds the gradients of all lanes, in their order, to the decoder's. */
  void joinLanes() {
    lanes.stream().filter(lane -> lane > 0).sorted().forEach(decoder().lanes()::join);
    decoder().lanes().drop(); // what was lent to those that had no rows
  }

  /**
   * Of the gradient over all tensors.
   *
   * @throws ArithmeticException if a tensor's is not finite, naming it
   */
  double squaredNorm() {
    if (!hasRows) {
      return 0;
    }
    if (lanes.isEmpty()) {
      decoder().command("zero_gradients");
    }
    double sum = 0;
    float[] norms = norms();
    for (int i = 0; i < norms.length; i++) {
      if (!Float.isFinite(norms[i])) {
        throw new ArithmeticException(
            "the gradient must be finite, but the norm of %s was %s"
                .formatted(decoder().parameters().get(i).slot().name(), norms[i]));
      }
      sum += (double) norms[i] * norms[i];
    }
    return sum;
  }

  /** The gradient's norm of every trained tensor, in order. */
  float[] norms() {
    try (NDManager scratch = decoder().scratch()) {
      return decoder()
          .call("gradient_norms", false, scratch.create(0f))
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  /** A step of AdamW on the gradient times {@code scale}. */
  void apply(double learningRate, double scale) {
    if (hasRows) {
      trainee.optimizer().apply(learningRate * rate, scale);
    }
  }

  /**
   * Leaves nothing of an earlier step but the memory of gradients.
   *
   * @param used how many lanes the step has
   */
  void begin(int used) {
    decoder().command("drop_gradients");
    decoder().lanes().begin(hasRows ? used : 1);
    if (hasRows) {
      trainee.optimizer().begin();
    }
  }

  void dropGradients() {
    decoder().command("drop_gradients");
    decoder().lanes().drop();
  }

  void clearDropout() {
    if (dropout != null) {
      decoder().lanes().clearDropout();
    }
  }
}
