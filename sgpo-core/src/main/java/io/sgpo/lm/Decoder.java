package io.sgpo.lm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights in native memory, the adapter over them if there is one, and the kernels.
 * Kernels without gradients may run on several threads at once. Whoever made it closes it.
 */
final class Decoder implements AutoCloseable {

  // The kernels' class holds further handles to the weights, and within a step the gradients and
  // what a pass keeps for its backward half; "release" lets go of them.

  /**
   * A trained tensor.
   *
   * @param slot its name and shape
   * @param array its values, float32
   */
  record Parameter(WeightLayout.Slot slot, NDArray array) {}

  private final ModelConfig config;
  private final CausalLmOptions options;
  private final Kernels kernels;
  private final Tensors tensors;
  private final BaseWeights base;
  private final @Nullable Adapter adapter;
  private final Holdings holdings;
  private final Lanes lanes;
  private final TrainedTensors trained;
  private long version;
  private boolean closed;

  /**
   * @param base weights of which one hold is taken over
   * @param holdings of the model and its references
   * @param adapted layout of an adapter of zeros, or null for none
   */
  private Decoder(
      ModelConfig config,
      CausalLmOptions options,
      BaseWeights base,
      Holdings holdings,
      @Nullable AdapterLayout adapted) {
    this.config = config;
    this.holdings = holdings;
    this.options = options;
    this.base = base;
    boolean complete = false;
    try {
      this.kernels = Kernels.of(base.layout(), options, adapted);
      this.lanes = new Lanes(kernels, holdings, this::setUp);
      this.tensors = new Tensors(kernels, options.precision());
      this.adapter =
          adapted == null
              ? null
              : new Adapter(adapted, base.layout().slots().size(), kernels.manager());
      this.trained = new TrainedTensors(base, adapter, tensors, options.precision());
      complete = true;
    } finally {
      if (!complete) {
        base.release();
      }
    }
  }

  /**
   * A model whose weights are zero. It trains the adapter that the options ask for, or all weights
   * if they ask for none.
   *
   * @throws IllegalArgumentException if a target of the adapter is no linear layer
   */
  static Decoder create(ModelConfig config, CausalLmOptions options) {
    return create(new WeightLayout(config), options);
  }

  /** As above, with the head that the layout has. A scalar head is trained beside an adapter. */
  static Decoder create(WeightLayout layout, CausalLmOptions options) {
    LoraOptions lora = options.lora();
    AdapterLayout adapted = lora == null ? null : new AdapterLayout(layout, lora);
    Device device = options.device().toDjl();
    PyTorch.load(options.allowDownloads(), options.threads(), device);
    BaseWeights base = new BaseWeights(device, layout);
    return filled(
        new Decoder(layout.config(), options, base, new Holdings(), adapted), Decoder::allocate);
  }

  /**
   * The present weights, never to be trained. Under LoRA they are the same tensors, with a copy of
   * the adapter, or none while B is zero; else a copy.
   *
   * @throws IllegalStateException if the copy needs more memory than there is
   */
  Decoder freeze() {
    Adapter own = adapter;
    if (own == null) {
      holdings.free();
      MemoryEstimate estimate = MemoryEstimate.of(layout(), options);
      estimate.requireReference(options, holdings);
      BaseWeights copy =
          new BaseWeights(options.device().toDjl(), layout()).heldBy(holdings, estimate.weights());
      return filled(
          new Decoder(config, options, copy, holdings, null), frozen -> frozen.copyBase(this));
    }
    AdapterLayout adapted = own.isOff(tensors) ? null : own.layout();
    return filled(
        new Decoder(config, options, base.retain(), holdings, adapted),
        frozen -> frozen.copyAdapter(this));
  }

  /** A decoder over the same frozen weights with an adapter of its own, of zeros. */
  Decoder withAdapter(LoraOptions lora) {
    AdapterLayout adapted = new AdapterLayout(layout(), lora);
    return filled(
        new Decoder(config, options, base.retain(), holdings, adapted),
        beside -> {
          beside.bind(beside.kernels);
          beside.parameters();
        });
  }

  /** Sets up a decoder. */
  private interface Filling {
    void fill(Decoder decoder);
  }

  private static Decoder filled(Decoder decoder, Filling filling) {
    boolean complete = false;
    try {
      filling.fill(decoder);
      complete = true;
      return decoder;
    } finally {
      if (!complete) {
        decoder.close();
      }
    }
  }

  private void allocate() {
    base.fill(place -> tensors.zeros(base.manager(), layout().slots().get(place)));
    join();
    bind(kernels);
    if (adapter != null || options.precision() == Precision.FLOAT32) {
      parameters();
    }
  }

  private void copyBase(Decoder source) {
    base.fill(place -> tensors.copy(base.manager(), source.weight(place)));
    join();
    bind(kernels);
  }

  private void copyAdapter(Decoder source) {
    bind(kernels);
    if (adapter != null && source.adapter != null) {
      adapter.copyFrom(source.adapter, tensors);
    }
  }

  /** Weights that are multiplied with the same input lie next to each other from now on. */
  private void join() {
    try (NDManager scratch = scratch()) {
      NDList arguments = new NDList(scratch.create(0f));
      arguments.addAll(base.arrays());
      call("join", true, arguments);
    }
  }

  /** Sets up further kernels over the same weights, of which the same are trained. */
  private void setUp(Kernels beside) {
    bind(beside);
    trained.train(beside, parameters());
  }

  private void bind(Kernels target) {
    try (NDManager scratch = target.scratch()) {
      NDList arguments = new NDList(target.manager().create(config.frequencies()));
      arguments.addAll(base.arrays());
      target.call("bind", false, arguments);
      if (adapter != null) {
        NDList matrices = new NDList(scratch.create(0f));
        matrices.addAll(adapter.a());
        matrices.addAll(adapter.b());
        target.call("attach", false, matrices);
      }
    }
  }

  ModelConfig config() {
    return config;
  }

  CausalLmOptions options() {
    return options;
  }

  /** What this and the decoders that came from it hold beside the weights. */
  Holdings holdings() {
    return holdings;
  }

  WeightLayout layout() {
    return base.layout();
  }

  /** Kernels that work side by side in a training step; the first are this one's own. */
  Lanes lanes() {
    return lanes;
  }

  /** The adapter over the weights, if there is one. */
  @Nullable Adapter adapter() {
    return adapter;
  }

  /** A manager for the arrays of one piece of work; its maker closes it. */
  NDManager scratch() {
    return kernels.scratch();
  }

  /**
   * The trained tensors, in order: the adapter's, or all weights. For bfloat16 weights the first
   * call makes float32 masters, which the optimizer updates from then on.
   */
  List<Parameter> parameters() {
    return trained.in(kernels);
  }

  /** To be called after parameters were written: rounds masters to the weights that compute. */
  void refresh() {
    weightsChanged();
    command("refresh");
  }

  /** Zeros like every trained tensor, in order; they live as long as this does, or until closed. */
  List<NDArray> zerosLikeTrained() {
    List<NDArray> zeros = new ArrayList<>();
    for (Parameter parameter : parameters()) {
      zeros.add(kernels.manager().zeros(Tensors.shape(parameter.slot())));
    }
    return zeros;
  }

  /**
   * The weights packed for products of few rows; to be released once. Without oneDNN, or the memory
   * for it, there are none.
   */
  PackedWeights pack() {
    holdings.free();
    return base.pack(this);
  }

  /** Another number whenever the weights have changed that compute. */
  long version() {
    return version;
  }

  /** Gives the packed weights up, once whoever uses them is done; the next draw packs again. */
  void dropPacked() {
    base.dropPacked();
  }

  /** To be called when weights change that compute. */
  void weightsChanged() {
    version++;
    if (adapter == null) {
      base.dropPacked();
    }
  }

  /** The tensor that computes at a place of the layout. */
  NDArray weight(int place) {
    return base.arrays().get(place);
  }

  /**
   * The weights under their names, without the adapter: the master where there is one, else what
   * computes.
   */
  List<Parameter> weights() {
    return trained.weights();
  }

  /**
   * Hash of what this computes with: of the frozen weights, and of the adapter unless it is off.
   */
  String digest() {
    String weights = base.digest(this);
    return adapter == null || adapter.isOff(tensors)
        ? weights
        : WeightDigest.of(weights, this, adapter);
  }

  /** Hash of the frozen weights: without the adapter and a scalar head. */
  String baseDigest() {
    return base.digest(this);
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

  /** The memory of this one's gradients between two steps, to be closed. */
  SpareGradients spareGradients() {
    return new SpareGradients(kernels, holdings);
  }

  /** Runs a kernel that takes nothing. */
  void command(String method) {
    kernels.command(method);
  }

  NDList call(String method, boolean gradients, NDList arguments) {
    return kernels.call(method, gradients, arguments);
  }

  /**
   * Writes values over a tensor's elements from {@code first} on, in the tensor's type.
   *
   * @param count at most {@link Tensors#BLOCK}
   */
  void write(NDArray target, long first, float[] values, int count) {
    version++;
    base.dropPacked();
    tensors.write(target, first, values, count);
  }

  /**
   * Reads a tensor's elements {@code first .. first + count}, widened to float32, to the start of
   * {@code into}.
   */
  void read(NDArray source, long first, float[] into, int count) {
    tensors.read(source, first, into, count);
  }

  boolean isClosed() {
    return closed;
  }

  /** Arrays that live in Java's hands; for tests. */
  int liveArrays() {
    return liveBaseArrays() + liveOwnArrays();
  }

  /** Those that are not shared with other decoders over the same weights. */
  int liveOwnArrays() {
    return kernels.liveArrays() + lanes.liveArrays();
  }

  /** Those of the weights alone. */
  int liveBaseArrays() {
    return base.manager().getManagedArrays().size();
  }

  /** Not to be called while a kernel runs. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    lanes.close();
    kernels.close();
    base.release();
  }
}
