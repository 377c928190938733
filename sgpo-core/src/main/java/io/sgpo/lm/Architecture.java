package io.sgpo.lm;

import static io.sgpo.lm.Architecture.Trait.ALL_BIASES;
import static io.sgpo.lm.Architecture.Trait.ATTENTION_BIAS_FIELD;
import static io.sgpo.lm.Architecture.Trait.FUSED;
import static io.sgpo.lm.Architecture.Trait.GELU;
import static io.sgpo.lm.Architecture.Trait.LAYER_NORM;
import static io.sgpo.lm.Architecture.Trait.LEARNED_POSITIONS;
import static io.sgpo.lm.Architecture.Trait.NO_GATE;
import static io.sgpo.lm.Architecture.Trait.OUTPUT_NORMS;
import static io.sgpo.lm.Architecture.Trait.QUERY_KEY_NORM;
import static io.sgpo.lm.Architecture.Trait.QUERY_KEY_VALUE_BIAS;
import static io.sgpo.lm.Architecture.Trait.SCALED_EMBEDDING;
import static io.sgpo.lm.Architecture.Trait.TURNED_WEIGHTS;
import static io.sgpo.lm.Architecture.Trait.UNIT_NORMS;
import static io.sgpo.lm.Architecture.Trait.WINDOW;
import static io.sgpo.lm.Architecture.Trait.WINDOW_ALTERNATES;
import static io.sgpo.lm.Architecture.Trait.WINDOW_SWITCH;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The supported architectures: a name in {@code config.json} and switches of the one decoder. */
public enum Architecture {
  LLAMA("llama", "LlamaForCausalLM", ATTENTION_BIAS_FIELD),
  MISTRAL("mistral", "MistralForCausalLM", WINDOW),
  QWEN2("qwen2", "Qwen2ForCausalLM", QUERY_KEY_VALUE_BIAS, WINDOW, WINDOW_SWITCH),
  QWEN3("qwen3", "Qwen3ForCausalLM", QUERY_KEY_NORM, ATTENTION_BIAS_FIELD, WINDOW, WINDOW_SWITCH),
  PHI3("phi3", "Phi3ForCausalLM", FUSED, WINDOW),
  GEMMA("gemma", "GemmaForCausalLM", ATTENTION_BIAS_FIELD, SCALED_EMBEDDING, UNIT_NORMS, GELU),
  GEMMA2(
      "gemma2",
      "Gemma2ForCausalLM",
      ATTENTION_BIAS_FIELD,
      SCALED_EMBEDDING,
      UNIT_NORMS,
      OUTPUT_NORMS,
      GELU,
      WINDOW,
      WINDOW_ALTERNATES),
  GPT2(
      "gpt2",
      "GPT2LMHeadModel",
      ALL_BIASES,
      FUSED,
      NO_GATE,
      GELU,
      LAYER_NORM,
      LEARNED_POSITIONS,
      TURNED_WEIGHTS);

  /** In what an architecture differs from a Llama without biases. */
  enum Trait {
    /** Queries and keys are normed per head. */
    QUERY_KEY_NORM,
    /** The query, key and value projections have biases. */
    QUERY_KEY_VALUE_BIAS,
    /** A field says whether all projections of the attention have biases. */
    ATTENTION_BIAS_FIELD,
    /** All linear layers have biases. */
    ALL_BIASES,
    /** A {@code sliding_window} is read. */
    WINDOW,
    /** It counts only where {@code use_sliding_window} is set. */
    WINDOW_SWITCH,
    /** Every other layer, the first included, has it. */
    WINDOW_ALTERNATES,
    /** One matrix holds q, k and v, and another gate and up if there is a gate. */
    FUSED,
    /** The feed-forward layer has no gate. */
    NO_GATE,
    /** The activation is GELU in its approximation by tanh, not SiLU. */
    GELU,
    /** Embeddings are multiplied by √hiddenSize. */
    SCALED_EMBEDDING,
    /** Norms multiply by one more than their weight. */
    UNIT_NORMS,
    /** What the attention and the feed-forward layer put out is normed too. */
    OUTPUT_NORMS,
    /** Norms subtract the mean and add a bias. */
    LAYER_NORM,
    /** Positions are learned vectors, not rotations. */
    LEARNED_POSITIONS,
    /** The layers' matrices are stored input by output. */
    TURNED_WEIGHTS
  }

  private final String modelType;
  private final String className;
  private final ImmutableSet<Trait> traits;

  Architecture(String modelType, String className, Trait... traits) {
    this.modelType = modelType;
    this.className = className;
    this.traits = Sets.immutableEnumSet(Arrays.asList(traits));
  }

  /** The {@code model_type} of the configuration. */
  public String modelType() {
    return modelType;
  }

  /** The entry of {@code architectures} in the configuration. */
  public String className() {
    return className;
  }

  /** The same for a reward model, which transformers calls a sequence classifier. */
  String classifierName() {
    return className.replaceFirst("ForCausalLM|LMHeadModel", "ForSequenceClassification");
  }

  /** What its modules are called. */
  TensorNames names() {
    return TensorNames.of(this);
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether a layer has the sliding window where there is one. */
  boolean hasWindow(int layer) {
    return !has(WINDOW_ALTERNATES) || layer % 2 == 0;
  }

  /** Whether the query, key and value projections have biases: fixed, or a field of the file. */
  boolean queryKeyValueBias(boolean attentionBias) {
    return has(QUERY_KEY_VALUE_BIAS) || outputBias(attentionBias);
  }

  /** Whether the output projection of the attention has a bias. */
  boolean outputBias(boolean attentionBias) {
    return has(ALL_BIASES) || (has(ATTENTION_BIAS_FIELD) && attentionBias);
  }

  /** Whether the feed-forward projections have biases. */
  boolean feedForwardBias(boolean feedForwardBias) {
    return has(ALL_BIASES) || feedForwardBias;
  }

  static Optional<Architecture> of(String modelType) {
    return Arrays.stream(values()).filter(a -> a.modelType.equals(modelType)).findFirst();
  }

  static String supported() {
    return Arrays.stream(values()).map(Architecture::modelType).collect(Collectors.joining(", "));
  }
}
