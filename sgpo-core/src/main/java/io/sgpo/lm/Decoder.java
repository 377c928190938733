package io.sgpo.lm;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A model's weights in native memory and the kernels over them. Kernels without gradients may run
 * on several threads at once. Whoever made it closes it.
 */
final class Decoder implements AutoCloseable {

  // The kernels' class holds further handles to the weights, and between backward and the optimizer
  // the gradients; "release" lets go of them. A result of IValueUtils.forward belongs to the
  // manager of the first array; the array that names the method therefore comes last. DJL's Model
  // has a finalizer that frees the module, so it is kept here.

  /** Elements moved between Java and native memory at once. */
  static final int BLOCK = 1 << 20;

  /** Logits that the vocabulary head holds at once, 64 MiB. */
  private static final int HEAD_ELEMENTS = 1 << 24;

  private final ModelConfig config;
  private final WeightLayout layout;
  private final NDManager manager;
  private final Model model;
  private final PtSymbolBlock kernels;
  private final List<NDArray> weights = new ArrayList<>();
  private final Map<String, NDArray> methods = new ConcurrentHashMap<>();
  private boolean closed;

  /** A model whose weights are not yet set. */
  Decoder(ModelConfig config, CausalLmOptions options) {
    PyTorch.load(options.allowDownloads(), options.threads());
    this.config = config;
    this.layout = new WeightLayout(config);
    this.manager = NDManager.newBaseManager(options.device().toDjl(), PyTorch.NAME);
    this.model = Model.newInstance("decoder", options.device().toDjl(), PyTorch.NAME);
    boolean complete = false;
    try {
      model.load(new ByteArrayInputStream(DecoderArchive.of(config, headChunk(config))));
      this.kernels = (PtSymbolBlock) model.getBlock();
      bind();
      complete = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException("the kernels did not load", e);
    } finally {
      if (!complete) {
        model.close();
        manager.close();
      }
    }
  }

  private static int headChunk(ModelConfig config) {
    return Math.max(1, HEAD_ELEMENTS / config.vocabularySize());
  }

  private void bind() {
    NDArray absent = manager.create(new Shape(0));
    for (WeightLayout.Slot slot : layout.slots()) {
      weights.add(slot.present() ? manager.zeros(shape(slot)) : absent);
    }
    if (config.tied()) {
      weights.set(WeightLayout.HEAD_PLACE, weights.get(0));
    }
    try (NDManager scratch = manager.newSubManager()) {
      NDList arguments = new NDList();
      arguments.add(scratch.create(places()));
      arguments.addAll(named("weights", weights));
      arguments.add(manager.create(config.rope().frequencies(config.headDim())));
      call("bind", false, arguments);
    }
  }

  private long[] places() {
    return Arrays.stream(layout.places()).asLongStream().toArray();
  }

  private static Shape shape(WeightLayout.Slot slot) {
    return new Shape(slot.shape().stream().mapToLong(Long::longValue).toArray());
  }

  static List<NDArray> named(String list, List<NDArray> arrays) {
    arrays.forEach(array -> array.setName(list + "[]"));
    return arrays;
  }

  ModelConfig config() {
    return config;
  }

  WeightLayout layout() {
    return layout;
  }

  /** A manager for the arrays of one piece of work; its maker closes it. */
  NDManager scratch() {
    return manager.newSubManager();
  }

  /** Zeros like every trained tensor, in order; they live as long as this does, or until closed. */
  List<NDArray> zerosLikeTrained() {
    List<NDArray> zeros = new ArrayList<>();
    for (int place : layout.places()) {
      zeros.add(manager.zeros(shape(layout.slots().get(place))));
    }
    return zeros;
  }

  /** The tensor at a place of the layout. */
  NDArray weight(int place) {
    return weights.get(place);
  }

  /**
   * Runs a kernel.
   *
   * @param method its name
   * @param gradients whether results may enter a later backward pass
   * @param arguments in order; results belong to the manager of the first
   */
  NDList call(String method, boolean gradients, NDArray... arguments) {
    return call(method, gradients, new NDList(arguments));
  }

  NDList call(String method, boolean gradients, NDList arguments) {
    arguments.add(methods.computeIfAbsent(method, this::nameArray));
    boolean before = JniUtils.isGradMode();
    JniUtils.setGraphExecutorOptimize(false); // per thread; re-specialises on every shape otherwise
    JniUtils.setGradMode(gradients);
    try {
      return IValueUtils.forward(kernels, arguments, gradients);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private NDArray nameArray(String method) {
    NDArray array = manager.create(0f);
    array.setName("module_method:" + method);
    return array;
  }

  /** Writes values over a tensor's elements from {@code first} on. */
  void write(NDArray target, long first, float[] values, int count) {
    try (NDManager scratch = scratch()) {
      NDArray block =
          scratch.create(count == values.length ? values : Arrays.copyOf(values, count));
      call("fill", false, block, target, scratch.create(first));
    }
  }

  /** Reads a tensor's elements {@code first .. first + count} to the start of {@code into}. */
  void read(NDArray source, long first, float[] into, int count) {
    try (NDManager scratch = scratch()) {
      NDArray range = scratch.create(new long[] {first, count});
      float[] values = call("extract", false, range, source).singletonOrThrow().toFloatArray();
      System.arraycopy(values, 0, into, 0, count);
    }
  }

  /** Takes over the weights of a model of the same configuration. */
  void copyFrom(Decoder source) {
    try (NDManager scratch = scratch()) {
      NDList arguments = new NDList(scratch.create(0f));
      for (int place : source.layout.places()) {
        arguments.add(source.weights.get(place));
      }
      call("adopt", false, arguments);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Arrays that live in Java's hands; for tests. */
  int liveArrays() {
    return manager.getManagedArrays().size();
  }

  /** Not to be called while a kernel runs. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (NDManager scratch = scratch()) {
      call("release", false, scratch.create(0f));
    }
    model.close();
    manager.close();
  }
}
