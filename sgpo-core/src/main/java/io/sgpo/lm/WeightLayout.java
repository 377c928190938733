package io.sgpo.lm;

import com.google.common.collect.ImmutableSortedSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The tensors of a model in the order in which {@code decoder.ts.py} expects them, under their
 * Hugging Face names.
 */
final class WeightLayout {

  static final String EMBEDDING = "model.embed_tokens.weight";
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

  /** The linear layers of every layer, by the last part of their name. */
  static final Set<String> LINEAR =
      ImmutableSortedSet.of(
          "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  /**
   * A place in the kernels' list of weights.
   *
   * @param name the tensor's name
   * @param shape its dimensions
   * @param present whether a model of this configuration has it
   */
  record Slot(String name, List<Long> shape, boolean present) {

    long elements() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }

    boolean isMatrix() {
      return shape.size() == 2;
    }

    boolean isNorm() {
      return name.endsWith("norm.weight");
    }

    /** Whether it is float32 in every precision. */
    boolean isWide() {
      return isNorm() || name.equals(SCORE);
    }
  }

  private final ModelConfig config;
  private final Head head;
  private final List<Slot> slots = new ArrayList<>();

  WeightLayout(ModelConfig config) {
    this(config, Head.VOCABULARY);
  }

  WeightLayout(ModelConfig config, Head head) {
    this.config = config;
    this.head = head;
    long vocabulary = config.vocabularySize();
    long hidden = config.hiddenSize();
    add(EMBEDDING, true, vocabulary, hidden);
    add("model.norm.weight", true, hidden);
    if (head == Head.SCALAR) {
      add(SCORE, true, 1, hidden);
    } else {
      add(HEAD, !config.tied(), vocabulary, hidden);
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      addLayer("model.layers." + layer + ".");
    }
  }

  private void addLayer(String prefix) {
    long hidden = config.hiddenSize();
    Architecture architecture = config.architecture();
    boolean bias = config.attentionBias();
    String attention = prefix + "self_attn.";
    long queries = (long) config.heads() * config.headDim();
    long keys = (long) config.keyValueHeads() * config.headDim();
    add(prefix + "input_layernorm.weight", true, hidden);
    addLinear(attention + "q_proj", queries, hidden, architecture.queryKeyValueBias(bias));
    addLinear(attention + "k_proj", keys, hidden, architecture.queryKeyValueBias(bias));
    addLinear(attention + "v_proj", keys, hidden, architecture.queryKeyValueBias(bias));
    addLinear(attention + "o_proj", hidden, queries, architecture.outputBias(bias));
    add(attention + "q_norm.weight", architecture.queryKeyNorm(), config.headDim());
    add(attention + "k_norm.weight", architecture.queryKeyNorm(), config.headDim());
    add(prefix + "post_attention_layernorm.weight", true, hidden);
    long inner = config.intermediateSize();
    addLinear(prefix + "mlp.gate_proj", inner, hidden, config.feedForwardBias());
    addLinear(prefix + "mlp.up_proj", inner, hidden, config.feedForwardBias());
    addLinear(prefix + "mlp.down_proj", hidden, inner, config.feedForwardBias());
  }

  private void addLinear(String name, long out, long in, boolean bias) {
    add(name + ".weight", true, out, in);
    add(name + ".bias", bias, out);
  }

  private void add(String name, boolean present, long... shape) {
    List<Long> dimensions = new ArrayList<>();
    for (long dimension : shape) {
      dimensions.add(dimension);
    }
    slots.add(new Slot(name, List.copyOf(dimensions), present));
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

  /** The places of the tensors that are there, in order: what is stored and trained. */
  int[] places() {
    return IntStream.range(0, slots.size()).filter(i -> slots.get(i).present()).toArray();
  }

  /** The places of the linear layers' weights, in order. */
  List<Integer> linearPlaces() {
    return IntStream.range(0, slots.size())
        .filter(place -> slots.get(place).name().endsWith("_proj.weight"))
        .boxed()
        .toList();
  }

  long parameters() {
    return slots.stream().filter(Slot::present).mapToLong(Slot::elements).sum();
  }
}
