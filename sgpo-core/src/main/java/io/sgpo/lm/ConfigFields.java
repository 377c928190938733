package io.sgpo.lm;

import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.lm.Architecture.Trait;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What is special about an architecture's {@code config.json}: names of fields, the value that
 * transformers takes where one is not there, and values that the decoder cannot compute.
 */
final class ConfigFields {

  /** GPT-2's own names. */
  private static final Map<String, String> GPT2 =
      Map.of(
          "hidden_size", "n_embd",
          "intermediate_size", "n_inner",
          "num_hidden_layers", "n_layer",
          "num_attention_heads", "n_head",
          "max_position_embeddings", "n_positions",
          "rms_norm_eps", "layer_norm_epsilon",
          "hidden_act", "activation_function");

  private static final Set<String> GELU_TANH = Set.of("gelu_new", "gelu_pytorch_tanh");

  private static final int QWEN3_HEAD_DIM = 128;
  private static final int GEMMA_HEAD_DIM = 256;
  private static final double GEMMA2_QUERY_SCALAR = 256;
  private static final double GEMMA2_ATTENTION_CAP = 50;
  private static final double GEMMA2_LOGIT_CAP = 30;

  private final Architecture architecture;

  private ConfigFields(Architecture architecture) {
    this.architecture = architecture;
  }

  static ConfigFields of(Architecture architecture) {
    return new ConfigFields(architecture);
  }

  private boolean isGemma() {
    return architecture == Architecture.GEMMA || architecture == Architecture.GEMMA2;
  }

  /** Llama's names to those on file, where they differ. */
  Map<String, String> names() {
    return architecture == Architecture.GPT2 ? GPT2 : Map.of();
  }

  double normEpsilon() {
    boolean large = architecture == Architecture.GPT2 || architecture == Architecture.PHI3;
    return large ? 1e-5 : 1e-6;
  }

  boolean tied() {
    return architecture == Architecture.GPT2 || isGemma();
  }

  int intermediateSize(ConfigFile file, int hidden) throws CheckpointException {
    return architecture == Architecture.GPT2
        ? file.integer("intermediate_size", 4 * hidden)
        : file.integer("intermediate_size");
  }

  int headDim(ConfigFile file, int hidden, int heads) throws CheckpointException {
    if (architecture != Architecture.GPT2 && file.has("head_dim")) {
      return file.integer("head_dim");
    }
    if (isGemma()) {
      return GEMMA_HEAD_DIM;
    }
    if (architecture == Architecture.QWEN3) {
      return QWEN3_HEAD_DIM;
    }
    if (heads < 1 || hidden % heads != 0) {
      throw file.fault(
          new IllegalArgumentException(
              "hidden_size must be a multiple of num_attention_heads, but they were %d and %d"
                  .formatted(hidden, heads)));
    }
    return hidden / heads;
  }

  int keyValueHeads(ConfigFile file, int heads) throws CheckpointException {
    return architecture == Architecture.GPT2 ? heads : file.integer("num_key_value_heads", heads);
  }

  ModelConfig.Scores scores(ConfigFile file) throws CheckpointException {
    if (architecture != Architecture.GEMMA2) {
      return ModelConfig.Scores.PLAIN;
    }
    return new ModelConfig.Scores(
        OptionalDouble.of(file.number("query_pre_attn_scalar", GEMMA2_QUERY_SCALAR)),
        file.optionalNumber("attn_logit_softcapping", GEMMA2_ATTENTION_CAP),
        file.optionalNumber("final_logit_softcapping", GEMMA2_LOGIT_CAP));
  }

  /**
   * @throws CheckpointException naming a field whose value the decoder cannot compute
   */
  void requireSupported(ConfigFile file) throws CheckpointException {
    requireActivation(file);
    switch (architecture) {
      case GPT2 -> {
        requireFlag(file, "scale_attn_weights", true);
        requireFlag(file, "scale_attn_by_inverse_layer_idx", false);
        requireFlag(file, "add_cross_attention", false);
      }
      case GEMMA, GEMMA2 -> requireFlag(file, "use_bidirectional_attention", false);
      default -> {}
    }
  }

  private static void requireFlag(ConfigFile file, String name, boolean expected)
      throws CheckpointException {
    if (file.flag(name, expected) != expected) {
      throw file.fault("%s must be %s, but was %s".formatted(name, expected, !expected));
    }
  }

  /** Old files of Gemma say gelu and mean its approximation; hidden_activation settles it. */
  private void requireActivation(ConfigFile file) throws CheckpointException {
    boolean settled = isGemma() && file.has("hidden_activation");
    String field =
        settled || architecture == Architecture.GEMMA2 ? "hidden_activation" : "hidden_act";
    boolean gelu = architecture.has(Trait.GELU);
    String value = file.text(field, gelu ? "gelu_pytorch_tanh" : "silu");
    boolean known = gelu ? GELU_TANH.contains(value) : value.equals("silu");
    if (!known) {
      throw file.fault(
          "%s must be %s, but was \"%s\""
              .formatted(
                  names().getOrDefault(field, field),
                  gelu ? "gelu_pytorch_tanh or gelu_new" : "silu",
                  value));
    }
  }
}
