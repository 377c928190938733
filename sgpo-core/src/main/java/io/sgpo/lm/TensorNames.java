package io.sgpo.lm;

/**
 * What an architecture calls its modules in Hugging Face's files; {@code .weight} or {@code .bias}
 * follows. Those of a layer come after {@code layers}, the layer's number and a point. k, v and up
 * have no name of their own where they are fused.
 *
 * @param embedding of the tokens
 * @param positions learned positions, if there are any
 * @param norm the last one
 * @param layers before a layer's number
 * @param inputNorm before the attention
 * @param query q, or q, k and v
 * @param output of the attention
 * @param feedForwardNorm before the feed-forward layer
 * @param gate the gate, or gate and up, or the feed-forward layer's only way in
 * @param down its way out
 */
record TensorNames(
    String embedding,
    String positions,
    String norm,
    String layers,
    String inputNorm,
    String query,
    String output,
    String feedForwardNorm,
    String gate,
    String down) {

  private static final TensorNames LLAMA =
      like("self_attn.q_proj", "post_attention_layernorm", "mlp.gate_proj");

  private static final TensorNames PHI3 =
      like("self_attn.qkv_proj", "post_attention_layernorm", "mlp.gate_up_proj");

  private static final TensorNames GEMMA2 =
      like("self_attn.q_proj", "pre_feedforward_layernorm", "mlp.gate_proj");

  private static final TensorNames GPT2 =
      new TensorNames(
          "transformer.wte",
          "transformer.wpe",
          "transformer.ln_f",
          "transformer.h.",
          "ln_1",
          "attn.c_attn",
          "attn.c_proj",
          "ln_2",
          "mlp.c_fc",
          "mlp.c_proj");

  static final String KEY = "self_attn.k_proj";
  static final String VALUE = "self_attn.v_proj";
  static final String QUERY_NORM = "self_attn.q_norm";
  static final String KEY_NORM = "self_attn.k_norm";
  static final String UP = "mlp.up_proj";
  static final String OUTPUT_NORM = "post_attention_layernorm";
  static final String DOWN_NORM = "post_feedforward_layernorm";

  static TensorNames of(Architecture architecture) {
    return switch (architecture) {
      case PHI3 -> PHI3;
      case GEMMA2 -> GEMMA2;
      case GPT2 -> GPT2;
      case LLAMA, MISTRAL, QWEN2, QWEN3, GEMMA -> LLAMA;
    };
  }

  private static TensorNames like(String query, String feedForwardNorm, String gate) {
    return new TensorNames(
        "model.embed_tokens",
        "",
        "model.norm",
        "model.layers.",
        "input_layernorm",
        query,
        "self_attn.o_proj",
        feedForwardNorm,
        gate,
        "mlp.down_proj");
  }
}
