package io.sgpo.examples.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * DPO the plain way, for {@link TrainingBenchmark} to compare with: DJL's arrays and gradient
 * collector, every row padded and computed on its own, the reference computed in every step, AdamW
 * in array operators.
 */
final class PlainDpo implements AutoCloseable {

  private static final float BETA = 0.1f;
  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;

  /** A row of token ids, of which the first are the prompt. */
  record Row(Tokens ids, int prompt) {}

  /** A weight with the two moments of its gradient. */
  private record Parameter(NDArray weight, NDArray first, NDArray second) {}

  private final PlainTransformer policy;
  private final PlainTransformer reference;
  private final List<Parameter> parameters = new ArrayList<>();
  private int steps;

  /** Trains all weights of a model folder. */
  PlainDpo(ModelConfig config, Path folder) throws IOException {
    this.policy = new PlainTransformer(config, folder);
    this.reference = new PlainTransformer(config, folder);
    train();
  }

  /**
   * Trains an adapter over a model folder; its B is 0, so that the reference is the model.
   *
   * @param adapter its tensors
   * @param scale what its product is multiplied by
   */
  PlainDpo(ModelConfig config, Path folder, Path adapter, double scale) throws IOException {
    this.policy = new PlainTransformer(config, folder);
    this.reference = new PlainTransformer(config, folder);
    policy.adapt(adapter, scale);
    train();
  }

  private void train() {
    for (NDArray weight : policy.trained()) {
      weight.setRequiresGradient(true);
      NDManager manager = policy.manager();
      parameters.add(
          new Parameter(
              weight, manager.zeros(weight.getShape()), manager.zeros(weight.getShape())));
    }
  }

  /**
   * One step of descent on the mean of −log σ(β gap).
   *
   * @param rows the chosen one of every pair, then the rejected ones in the same order
   * @return the loss
   */
  double step(List<Row> rows, double learningRate) {
    try (NDManager scratch = policy.manager().newSubManager()) {
      NDArray ids = scratch.create(ids(rows));
      NDArray responses = scratch.create(responses(rows));
      NDArray referred = reference.logProbs(ids, responses);
      double loss;
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray ratio = policy.logProbs(ids, responses).sub(referred);
        int pairs = rows.size() / 2;
        NDArray gap = ratio.get(":" + pairs).sub(ratio.get(pairs + ":")).mul(BETA);
        NDArray mean = Activation.softPlus(gap.neg()).mean();
        collector.backward(mean);
        loss = mean.getFloat();
      }
      steps++;
      parameters.forEach(parameter -> update(parameter, learningRate));
      return loss;
    }
  }

  private void update(Parameter parameter, double learningRate) {
    NDArray m = parameter.first;
    NDArray v = parameter.second;
    try (NDManager scratch = policy.manager().newSubManager()) {
      NDArray gradient = parameter.weight.getGradient();
      gradient.attach(scratch);
      m.muli(FIRST_DECAY).addi(gradient.mul(1 - FIRST_DECAY));
      v.muli(SECOND_DECAY).addi(gradient.square().mul(1 - SECOND_DECAY));
      NDArray moment = v.div(1 - Math.pow(SECOND_DECAY, steps));
      moment.attach(scratch);
      NDArray step = moment.sqrt().add(EPSILON).pow(-1).mul(m);
      parameter.weight.subi(step.mul(learningRate / (1 - Math.pow(FIRST_DECAY, steps))));
    }
  }

  private static float[][] responses(List<Row> rows) {
    float[][] mask = new float[rows.size()][width(rows)];
    for (int r = 0; r < mask.length; r++) {
      for (int t = rows.get(r).prompt; t < rows.get(r).ids.size(); t++) {
        mask[r][t] = 1;
      }
    }
    return mask;
  }

  private static long[][] ids(List<Row> rows) {
    long[][] ids = new long[rows.size()][width(rows)];
    for (int r = 0; r < ids.length; r++) {
      for (int t = 0; t < rows.get(r).ids.size(); t++) {
        ids[r][t] = rows.get(r).ids.get(t);
      }
    }
    return ids;
  }

  private static int width(List<Row> rows) {
    return rows.stream().mapToInt(row -> row.ids.size()).max().orElse(0);
  }

  @Override
  public void close() {
    policy.close();
    reference.close();
  }
}
