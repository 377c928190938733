package io.sgpo.lm;

import io.sgpo.lm.Architecture.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tensors of a model in the order in which {@code decoder.ts.py} expects them, under their
 * Hugging Face names and in the shapes of its files.
 */
final class WeightLayout {

  static final String HEAD = "lm_head.weight";
  static final String SCORE = "score.weight";

  /** The place of the output head in {@link #slots()}. */
  static final int HEAD_PLACE = 2;

  /** What the last hidden state is read by. */
  enum Head {
    /** Logits of a language model, [vocabulary, hidden]. */
    VOCABULARY,
    /** The score of a reward model, [1, hidden], in float32. */
    SCALAR
  }

  /** What a tensor is in the model. */
  enum Kind {
    /** A matrix that is no linear layer's. */
    TABLE,
    /** The weight of a linear layer. */
    LINEAR,
    /** The same where the layer writes to the residual stream. */
    RESIDUAL,
    /** The bias of a linear layer. */
    BIAS,
    /** The weight of a norm. */
    NORM,
    /** The bias of a norm. */
    NORM_BIAS
  }

  /**
   * A place in the kernels' list of weights.
   *
   * @param name the tensor's name
   * @param shape its dimensions
   * @param present whether a model of this configuration has it
   * @param kind what it is
   */
  record Slot(String name, List<Long> shape, boolean present, Kind kind) {

    long elements() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }

    boolean isMatrix() {
      return shape.size() == 2;
    }

    boolean isLinear() {
      return kind == Kind.LINEAR || kind == Kind.RESIDUAL;
    }

    /** Whether it is float32 in every precision. */
    boolean isWide() {
      return kind == Kind.NORM || kind == Kind.NORM_BIAS || name.equals(SCORE);
    }
  }

  private final ModelConfig config;
  private final Architecture architecture;
  private final Head head;
  private final List<Slot> slots = new ArrayList<>();

  WeightLayout(ModelConfig config) {
    this(config, Head.VOCABULARY);
  }

  WeightLayout(ModelConfig config, Head head) {
    this.config = config;
    this.architecture = config.architecture();
    this.head = head;
    TensorNames names = architecture.names();
    long vocabulary = config.vocabularySize();
    long hidden = config.hiddenSize();
    addTable(names.embedding() + ".weight", true, vocabulary);
    add(names.norm() + ".weight", true, Kind.NORM, hidden);
    if (head == Head.SCALAR) {
      addTable(SCORE, true, 1);
    } else {
      addTable(HEAD, !config.tied(), vocabulary);
    }
    add(names.norm() + ".bias", architecture.has(Trait.LAYER_NORM), Kind.NORM_BIAS, hidden);
    addTable(
        names.positions() + ".weight",
        architecture.has(Trait.LEARNED_POSITIONS),
        config.maxPositions());
    for (int layer = 0; layer < config.layers(); layer++) {
      addLayer(names, names.layers() + layer + ".");
    }
  }

  private void addLayer(TensorNames names, String prefix) {
    long hidden = config.hiddenSize();
    add(prefix + names.inputNorm() + ".weight", true, Kind.NORM, hidden);
    addAttention(names, prefix);
    add(prefix + names.feedForwardNorm() + ".weight", true, Kind.NORM, hidden);
    addFeedForward(names, prefix);
    boolean biases = architecture.has(Trait.LAYER_NORM);
    add(prefix + names.inputNorm() + ".bias", biases, Kind.NORM_BIAS, hidden);
    add(prefix + names.feedForwardNorm() + ".bias", biases, Kind.NORM_BIAS, hidden);
    boolean outputs = architecture.has(Trait.OUTPUT_NORMS);
    add(prefix + TensorNames.OUTPUT_NORM + ".weight", outputs, Kind.NORM, hidden);
    add(prefix + TensorNames.DOWN_NORM + ".weight", outputs, Kind.NORM, hidden);
  }

  private void addAttention(TensorNames names, String prefix) {
    long hidden = config.hiddenSize();
    long queries = config.queryWidth();
    long keys = config.keyWidth();
    boolean fused = architecture.has(Trait.FUSED);
    boolean bias = architecture.queryKeyValueBias(config.attentionBias());
    long first = fused ? queries + 2 * keys : queries;
    addLinear(prefix + names.query(), true, Kind.LINEAR, first, hidden, bias);
    addLinear(prefix + TensorNames.KEY, !fused, Kind.LINEAR, keys, hidden, bias);
    addLinear(prefix + TensorNames.VALUE, !fused, Kind.LINEAR, keys, hidden, bias);
    boolean outputBias = architecture.outputBias(config.attentionBias());
    addLinear(prefix + names.output(), true, Kind.RESIDUAL, hidden, queries, outputBias);
    boolean normed = architecture.has(Trait.QUERY_KEY_NORM);
    add(prefix + TensorNames.QUERY_NORM + ".weight", normed, Kind.NORM, config.headDim());
    add(prefix + TensorNames.KEY_NORM + ".weight", normed, Kind.NORM, config.headDim());
  }

  private void addFeedForward(TensorNames names, String prefix) {
    long hidden = config.hiddenSize();
    long inner = config.intermediateSize();
    boolean gated = !architecture.has(Trait.NO_GATE);
    boolean both = gated && architecture.has(Trait.FUSED);
    boolean bias = architecture.feedForwardBias(config.feedForwardBias());
    addLinear(prefix + names.gate(), true, Kind.LINEAR, both ? 2 * inner : inner, hidden, bias);
    addLinear(prefix + TensorNames.UP, gated && !both, Kind.LINEAR, inner, hidden, bias);
    addLinear(prefix + names.down(), true, Kind.RESIDUAL, hidden, inner, bias);
  }

  private void addLinear(String name, boolean present, Kind kind, long out, long in, boolean bias) {
    add(name + ".weight", present, kind, turned() ? in : out, turned() ? out : in);
    add(name + ".bias", present && bias, Kind.BIAS, out);
  }

  private void addTable(String name, boolean present, long rows) {
    add(name, present, Kind.TABLE, rows, config.hiddenSize());
  }

  private void add(String name, boolean present, Kind kind, long... shape) {
    List<Long> dimensions = new ArrayList<>();
    for (long dimension : shape) {
      dimensions.add(dimension);
    }
    slots.add(new Slot(name, List.copyOf(dimensions), present, kind));
  }

  ModelConfig config() {
    return config;
  }

  Head head() {
    return head;
  }

  /** Whether the output head is the embedding again. */
  boolean headIsEmbedding() {
    return head == Head.VOCABULARY && config.tied();
  }

  List<Slot> slots() {
    return slots;
  }

  /** Whether the layers' matrices are stored input by output. */
  boolean turned() {
    return architecture.has(Trait.TURNED_WEIGHTS);
  }

  /** The embedding of the tokens. */
  Slot embedding() {
    return slots.get(0);
  }

  /** How many numbers a linear layer takes. */
  long inputs(Slot linear) {
    return linear.shape().get(turned() ? 0 : 1);
  }

  /** How many numbers a linear layer gives. */
  long outputs(Slot linear) {
    return linear.shape().get(turned() ? 1 : 0);
  }

  /** The places of the tensors that are there, in order: what is stored and trained. */
  int[] places() {
    return IntStream.range(0, slots.size()).filter(i -> slots.get(i).present()).toArray();
  }

  /** The places of the linear layers' weights, in order. */
  List<Integer> linearPlaces() {
    return IntStream.range(0, slots.size())
        .filter(place -> slots.get(place).present() && slots.get(place).isLinear())
        .boxed()
        .toList();
  }

  long parameters() {
    return slots.stream().filter(Slot::present).mapToLong(Slot::elements).sum();
  }
}
