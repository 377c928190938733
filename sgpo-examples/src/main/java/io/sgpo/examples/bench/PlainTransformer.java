package io.sgpo.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import io.sgpo.checkpoint.ModelWeights;
import io.sgpo.checkpoint.SafetensorsFile;
import io.sgpo.lm.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Llama decoder with a tied head, written with the operators of DJL's arrays only: what {@link
 * TrainingBenchmark} compares with. Rows are padded to the longest, and every position goes through
 * the head.
 */
final class PlainTransformer implements AutoCloseable {

  private static final float MASKED = -1e9f;

  private final ModelConfig config;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final Map<String, NDArray> weights = new LinkedHashMap<>();
  private final Map<String, NDArray> adapter = new LinkedHashMap<>();
  private double scale;

  /**
   * @param folder of a saved Llama with a tied head and no scaling of its positions
   */
  PlainTransformer(ModelConfig config, Path folder) throws IOException {
    this.config = config;
    try (ModelWeights stored = ModelWeights.open(folder)) {
      for (String name : stored.names()) {
        float[] values = new float[Math.toIntExact(stored.info(name).elements())];
        stored.readFloats(name, 0, values, 0, values.length);
        weights.put(name, manager.create(values, shape(stored.info(name).shape())));
      }
    }
  }

  /**
   * Adds an adapter, x W + s (x A) B for every layer that it names.
   *
   * @param file the tensors as PEFT names them
   * @param factor s
   */
  void adapt(Path file, double factor) throws IOException {
    scale = factor;
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      for (String name : stored.tensors().keySet()) {
        float[] values = new float[Math.toIntExact(stored.tensor(name).elements())];
        stored.readFloats(name, 0, values, 0, values.length);
        String layer = name.substring("base_model.model.".length());
        adapter.put(layer, manager.create(values, shape(stored.tensor(name).shape())));
      }
    }
  }

  private static Shape shape(List<Long> sizes) {
    return new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  NDManager manager() {
    return manager;
  }

  /** What is trained: the adapter if there is one, else all weights. */
  Collection<NDArray> trained() {
    return adapter.isEmpty() ? weights.values() : adapter.values();
  }

  /**
   * Log-probabilities of responses, summed over their tokens, [rows].
   *
   * @param ids padded on the right, [rows, width]
   * @param responses 1 where a token is of the response, else 0, [rows, width]
   */
  NDArray logProbs(NDArray ids, NDArray responses) {
    long width = ids.getShape().get(1);
    NDArray x = embedding(ids.get(":, :" + (width - 1)));
    NDArray[] rotation = rotation(ids.getManager(), width - 1);
    NDArray mask = causal(ids.getManager(), width - 1);
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      NDArray attended = attention(norm(x, prefix + "input_layernorm"), prefix, rotation, mask);
      x = x.add(attended);
      x = x.add(feedForward(norm(x, prefix + "post_attention_layernorm"), prefix + "mlp."));
    }
    NDArray logits = linear(norm(x, "model.norm"), "model.embed_tokens");
    NDArray targets = ids.get(":, 1:").expandDims(2);
    NDArray chosen = logits.logSoftmax(-1).gather(targets, 2).squeeze(2);
    return chosen.mul(responses.get(":, 1:")).sum(new int[] {1});
  }

  private NDArray weight(String name) {
    NDArray weight = weights.get(name + ".weight");
    if (weight == null) {
      throw new IllegalArgumentException("no weight " + name);
    }
    return weight;
  }

  private NDArray embedding(NDArray ids) {
    NDArray table = weight("model.embed_tokens");
    return ids.getNDArrayInternal().embedding(ids, table, SparseFormat.DENSE).singletonOrThrow();
  }

  private NDArray linear(NDArray x, String name) {
    NDArray product = product(x, weight(name));
    NDArray a = adapter.get(name + ".lora_A.weight");
    NDArray b = adapter.get(name + ".lora_B.weight");
    return a == null || b == null ? product : product.add(product(product(x, a), b).mul(scale));
  }

  private static NDArray product(NDArray x, NDArray matrix) {
    NDArray transposed = matrix.transpose();
    transposed.attach(x.getManager());
    return x.matMul(transposed);
  }

  private NDArray norm(NDArray x, String name) {
    NDArray mean = x.square().mean(new int[] {-1}, true);
    return x.mul(mean.add(config.normEpsilon()).pow(-0.5)).mul(weight(name));
  }

  private NDArray feedForward(NDArray x, String prefix) {
    NDArray gate = Activation.swish(linear(x, prefix + "gate_proj"), 1);
    return linear(gate.mul(linear(x, prefix + "up_proj")), prefix + "down_proj");
  }

  private NDArray attention(NDArray x, String prefix, NDArray[] rotation, NDArray mask) {
    String own = prefix + "self_attn.";
    NDArray q = rotate(heads(linear(x, own + "q_proj"), config.heads()), rotation);
    NDArray k = spread(rotate(heads(linear(x, own + "k_proj"), config.keyValueHeads()), rotation));
    NDArray v = spread(heads(linear(x, own + "v_proj"), config.keyValueHeads()));
    NDArray scores = q.matMul(k.transpose(0, 1, 3, 2)).div(Math.sqrt(config.headDim())).add(mask);
    NDArray mixed = scores.softmax(-1).matMul(v).transpose(0, 2, 1, 3);
    Shape shape = x.getShape();
    long width = (long) config.heads() * config.headDim();
    return linear(mixed.reshape(shape.get(0), shape.get(1), width), own + "o_proj");
  }

  /** [rows, width, heads · D] as [rows, heads, width, D]. */
  private NDArray heads(NDArray x, int heads) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), heads, config.headDim()).transpose(0, 2, 1, 3);
  }

  private NDArray spread(NDArray x) {
    int shared = config.heads() / config.keyValueHeads();
    return shared == 1 ? x : x.repeat(1, shared);
  }

  private NDArray rotate(NDArray x, NDArray[] rotation) {
    NDList halves = x.split(2, 3);
    NDArray turned = halves.get(1).neg().concat(halves.get(0), 3);
    return x.mul(rotation[0]).add(turned.mul(rotation[1]));
  }

  /** Cosines and sines, each [width, D]. */
  private NDArray[] rotation(NDManager scratch, long width) {
    int half = config.headDim() / 2;
    float[] angles = new float[Math.toIntExact(width) * 2 * half];
    for (int position = 0; position < width; position++) {
      for (int i = 0; i < 2 * half; i++) {
        double frequency = Math.pow(config.rope().theta(), -(double) (i % half) / half);
        angles[position * 2 * half + i] = (float) (position * frequency);
      }
    }
    NDArray angle = scratch.create(angles, new Shape(width, 2L * half));
    return new NDArray[] {angle.cos(), angle.sin()};
  }

  private static NDArray causal(NDManager scratch, long width) {
    NDArray positions = scratch.arange(Math.toIntExact(width)).toType(DataType.FLOAT32, false);
    NDArray later = positions.expandDims(0).gt(positions.expandDims(1));
    return later.toType(DataType.FLOAT32, false).mul(MASKED);
  }

  @Override
  public void close() {
    manager.close();
  }
}
