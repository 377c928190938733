package io.sgpo.lm;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The supported architectures: a name in {@code config.json} and switches of the one decoder. */
public enum Architecture {
  LLAMA("llama", "LlamaForCausalLM"),
  MISTRAL("mistral", "MistralForCausalLM"),
  QWEN2("qwen2", "Qwen2ForCausalLM"),
  QWEN3("qwen3", "Qwen3ForCausalLM");

  private final String modelType;
  private final String className;

  Architecture(String modelType, String className) {
    this.modelType = modelType;
    this.className = className;
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
    return className.replace("CausalLM", "SequenceClassification");
  }

  /** Whether queries and keys are normed per head. */
  boolean queryKeyNorm() {
    return this == QWEN3;
  }

  /** Whether the query, key and value projections have biases: fixed, or a field of the file. */
  boolean queryKeyValueBias(boolean attentionBias) {
    return this == QWEN2 || (readsAttentionBias() && attentionBias);
  }

  /** Whether the output projection of the attention has a bias. */
  boolean outputBias(boolean attentionBias) {
    return readsAttentionBias() && attentionBias;
  }

  private boolean readsAttentionBias() {
    return this == LLAMA || this == QWEN3;
  }

  /** Whether a {@code sliding_window} counts only where {@code use_sliding_window} is set. */
  boolean windowIsSwitched() {
    return this == QWEN2 || this == QWEN3;
  }

  /** Whether a {@code sliding_window} is read at all. */
  boolean hasWindow() {
    return this != LLAMA;
  }

  static Optional<Architecture> of(String modelType) {
    return Arrays.stream(values()).filter(a -> a.modelType.equals(modelType)).findFirst();
  }

  static String supported() {
    return Arrays.stream(values()).map(Architecture::modelType).collect(Collectors.joining(", "));
  }
}
