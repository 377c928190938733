package io.sgpo.lm;

import com.google.common.collect.ImmutableSortedSet;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The shape of a decoder-only language model, as {@code config.json} of a Hugging Face folder gives
 * it. The names in messages are those of the file.
 *
 * @param architecture which family's tensors and switches
 * @param vocabularySize rows of the embedding
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the feed-forward layers
 * @param layers number of layers
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param headDim size of a head, even
 * @param maxPositions the context length: the most tokens of prompt and response together; where
 *     {@link Rope.LongRope} scales, up to its original length the short factors are used, above it
 *     the long ones
 * @param normEpsilon ε of the norms, {@code > 0}
 * @param rope rotary positions; without effect where positions are learned
 * @param scores how attention scores and logits are scaled and capped
 * @param tied whether the embedding is the output head too
 * @param attentionBias whether the attention's projections have biases (where the architecture
 *     leaves it open)
 * @param feedForwardBias whether the feed-forward projections have biases
 * @param slidingWindow how many tokens a token sees, itself included; empty for all. In a Gemma 2
 *     only the first layer, the third and so on have it
 * @param beginOfSequence the id put before a text, if any
 * @param padding the padding id, if any; it is only recorded, masks come from lengths
 * @param endOfSequence the ids that end a response
 * @param initializerRange standard deviation of fresh weights, {@code > 0}
 */
public record ModelConfig(
    Architecture architecture,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headDim,
    int maxPositions,
    double normEpsilon,
    Rope rope,
    Scores scores,
    boolean tied,
    boolean attentionBias,
    boolean feedForwardBias,
    OptionalInt slidingWindow,
    OptionalInt beginOfSequence,
    OptionalInt padding,
    Set<Integer> endOfSequence,
    double initializerRange) {

  /** No published model is within an order of magnitude; above it a field is an accident. */
  private static final int MAX_SIZE = 1 << 24;

  private static final int MAX_LAYERS = 4096;

  /** So that no count of weights, bytes or activations leaves 63 bits. */
  private static final long MAX_WEIGHTS = 1L << 48;

  /**
   * What differs from an attention score q · k / √headDim and from a plain logit, in a Gemma 2
   * (arXiv 2408.00118, section 2).
   *
   * @param queryScalar attention scores are q · k / √queryScalar; empty for headDim
   * @param attentionCap attention scores s become cap · tanh(s / cap); empty for none
   * @param logitCap the same for the logits
   */
  public record Scores(
      OptionalDouble queryScalar, OptionalDouble attentionCap, OptionalDouble logitCap) {

    /** Neither scaled otherwise nor capped. */
    public static final Scores PLAIN =
        new Scores(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

    /**
     * @throws IllegalArgumentException if a value is not finite and positive
     */
    public Scores {
      queryScalar.ifPresent(value -> requirePositive("query_pre_attn_scalar", value));
      attentionCap.ifPresent(value -> requirePositive("attn_logit_softcapping", value));
      logitCap.ifPresent(value -> requirePositive("final_logit_softcapping", value));
    }
  }

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public ModelConfig {
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(rope, "rope");
    Objects.requireNonNull(scores, "scores");
    Objects.requireNonNull(slidingWindow, "slidingWindow");
    Objects.requireNonNull(beginOfSequence, "beginOfSequence");
    Objects.requireNonNull(padding, "padding");
    requireSize("vocab_size", vocabularySize, MAX_SIZE);
    requireSize("hidden_size", hiddenSize, MAX_SIZE);
    requireSize("intermediate_size", intermediateSize, MAX_SIZE);
    requireSize("num_hidden_layers", layers, MAX_LAYERS);
    requireSize("num_attention_heads", heads, MAX_SIZE);
    requireSize("num_key_value_heads", keyValueHeads, MAX_SIZE);
    requireSize("head_dim", headDim, MAX_SIZE);
    requireSize("max_position_embeddings", maxPositions, 1 << 30);
    requireHeads(heads, keyValueHeads, headDim);
    requirePossible(architecture, scores, heads == keyValueHeads && heads * headDim == hiddenSize);
    rope.requireFits(headDim);
    requireWeights(
        (2.0 * vocabularySize + learnedPositions(architecture, maxPositions)) * hiddenSize
            + (2.0 * headDim * ((double) heads + keyValueHeads) + 3.0 * intermediateSize)
                * hiddenSize
                * layers);
    requirePositive("rms_norm_eps", normEpsilon);
    requirePositive("initializer_range", initializerRange);
    if (slidingWindow.isPresent()) {
      requireSize("sliding_window", slidingWindow.getAsInt(), 1 << 30);
    }
    endOfSequence = ImmutableSortedSet.copyOf(endOfSequence);
    endOfSequence.forEach(id -> requireId("eos_token_id", id, vocabularySize));
    beginOfSequence.ifPresent(id -> requireId("bos_token_id", id, vocabularySize));
  }

  /**
   * A Llama: heads of hiddenSize / heads, tied embedding, θ = 10 000, context 2048, no special
   * tokens.
   *
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public static ModelConfig llama(
      int vocabularySize,
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int keyValueHeads) {
    requireSize("num_attention_heads", heads, MAX_SIZE);
    if (hiddenSize % heads != 0) {
      throw new IllegalArgumentException(
          "hidden_size must be a multiple of num_attention_heads, but they were %d and %d"
              .formatted(hiddenSize, heads));
    }
    return new ModelConfig(
        Architecture.LLAMA,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        hiddenSize / heads,
        2048,
        1e-5,
        Rope.of(10_000),
        Scores.PLAIN,
        true,
        false,
        false,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Set.of(),
        0.02);
  }

  /** Whether the engine has no attention like the model's: capped scores, alternating windows. */
  boolean composesAttention() {
    return scores.attentionCap().isPresent()
        || architecture.has(Architecture.Trait.WINDOW_ALTERNATES);
  }

  /** Numbers of a token's queries, those of all heads. */
  long queryWidth() {
    return (long) heads * headDim;
  }

  /** Numbers of a token's keys, and as many of its values. */
  long keyWidth() {
    return (long) keyValueHeads * headDim;
  }

  /** Numbers that the feed-forward layer projects a token's to, the gate's included. */
  long inwardWidth() {
    return architecture.has(Architecture.Trait.NO_GATE) ? intermediateSize : 2L * intermediateSize;
  }

  /** The same with another context length. */
  public ModelConfig withMaxPositions(int value) {
    return copy(value, beginOfSequence, padding, endOfSequence);
  }

  /** The same with other special tokens. */
  public ModelConfig withSpecialTokens(
      OptionalInt begin, OptionalInt pad, Set<Integer> endOfSequenceIds) {
    return copy(maxPositions, begin, pad, endOfSequenceIds);
  }

  /** The same with other end-of-sequence ids. */
  public ModelConfig withEndOfSequence(Set<Integer> ids) {
    return copy(maxPositions, beginOfSequence, padding, ids);
  }

  private ModelConfig copy(int positions, OptionalInt begin, OptionalInt pad, Set<Integer> end) {
    return new ModelConfig(
        architecture,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        headDim,
        positions,
        normEpsilon,
        rope,
        scores,
        tied,
        attentionBias,
        feedForwardBias,
        slidingWindow,
        begin,
        pad,
        end,
        initializerRange);
  }

  private static void requireSize(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + " must be in [1, " + max + "], but was " + value);
    }
  }

  /** The frequencies of a head's rotation; learned positions turn nothing. */
  float[] frequencies() {
    return architecture.has(Architecture.Trait.LEARNED_POSITIONS)
        ? new float[headDim / 2]
        : rope.frequencies(headDim, maxPositions);
  }

  private static void requireHeads(int heads, int keyValueHeads, int headDim) {
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads must be a multiple of num_key_value_heads, but they were %d and %d"
              .formatted(heads, keyValueHeads));
    }
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException("head_dim must be even, but was " + headDim);
    }
    if ((long) heads * headDim > MAX_SIZE) {
      throw new IllegalArgumentException(
          "num_attention_heads times head_dim must be <= %d, but they were %d and %d"
              .formatted(MAX_SIZE, heads, headDim));
    }
  }

  private static void requirePossible(
      Architecture architecture, Scores scores, boolean headsFillTheWidth) {
    if (architecture != Architecture.GEMMA2 && !scores.equals(Scores.PLAIN)) {
      throw new IllegalArgumentException(
          "scores must be plain for a %s, but were %s".formatted(architecture, scores));
    }
    if (architecture == Architecture.GPT2 && !headsFillTheWidth) {
      throw new IllegalArgumentException(
          "num_key_value_heads must be num_attention_heads, and times head_dim hidden_size, for a"
              + " GPT2, but were not");
    }
  }

  private static double learnedPositions(Architecture architecture, int positions) {
    return architecture.has(Architecture.Trait.LEARNED_POSITIONS) ? positions : 0;
  }

  private static void requireWeights(double weights) {
    if (weights > MAX_WEIGHTS) {
      throw new IllegalArgumentException(
          "vocab_size, hidden_size, intermediate_size, num_hidden_layers, num_attention_heads,"
              + " head_dim and learned positions must make <= %d weights, but make %s"
                  .formatted(MAX_WEIGHTS, weights));
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be finite and > 0, but was " + value);
    }
  }

  private static void requireId(String name, int id, int vocabularySize) {
    if (id < 0 || id >= vocabularySize) {
      throw new IllegalArgumentException(
          "%s must be in [0, vocab_size = %d), but was %d".formatted(name, vocabularySize, id));
    }
  }
}
