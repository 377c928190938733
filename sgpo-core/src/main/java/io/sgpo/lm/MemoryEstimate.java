package io.sgpo.lm;

import java.util.Locale;
import java.util.StringJoiner;

/**
 * The native memory that a language model takes, in bytes, part by part. Weights to moments are
 * exact; activations are counted from the tensors that a layer keeps for the backward pass.
 *
 * @param weights the weights that compute, in the options' precision, norms in float32
 * @param trained float32 numbers that are trained and do not themselves compute: an adapter, or the
 *     masters of bfloat16 weights
 * @param gradients of what is trained, once it is
 * @param moments of AdamW, once it is trained
 * @param cache keys and values of sampling at its most, 4 tokens for each of {@code batchTokens};
 *     none for a reward model
 * @param session keys and values that an open {@linkplain CausalLm#session session} of draws keeps
 *     beside the cache, at most; no part of {@link #inference}, since a session keeps fewer, down
 *     to none, where the limit leaves less room
 * @param activationsPerToken kept for the backward pass by each token that goes through at once
 */
public record MemoryEstimate(
    long weights,
    long trained,
    long gradients,
    long moments,
    long cache,
    long session,
    long activationsPerToken) {

  private static final long FLOAT = Float.BYTES;

  /** The estimate for a model of a shape that is run with these options. */
  public static MemoryEstimate of(ModelConfig config, CausalLmOptions options) {
    return of(new WeightLayout(config), options);
  }

  static MemoryEstimate of(WeightLayout layout, CausalLmOptions options) {
    ModelConfig config = layout.config();
    long precision = options.precision() == Precision.FLOAT32 ? FLOAT : Short.BYTES;
    long weights =
        layout.slots().stream()
            .filter(WeightLayout.Slot::present)
            .mapToLong(slot -> slot.elements() * (slot.isWide() ? FLOAT : precision))
            .sum();
    long numbers = trainedNumbers(layout, options);
    boolean extra = options.lora() != null || options.precision() != Precision.FLOAT32;
    long perToken = 2L * config.layers() * config.keyValueHeads() * config.headDim() * precision;
    long cached =
        layout.head() == WeightLayout.Head.SCALAR
            ? 0
            : BatchLimits.CACHED_PER_TOKEN * options.batchTokens() * perToken;
    return new MemoryEstimate(
        weights,
        extra ? FLOAT * numbers : 0,
        FLOAT * numbers,
        2 * FLOAT * numbers,
        cached,
        cached,
        activations(config, precision, options));
  }

  private static long trainedNumbers(WeightLayout layout, CausalLmOptions options) {
    LoraOptions lora = options.lora();
    if (lora == null) {
      return layout.parameters();
    }
    long adapter =
        (lora.perRole() ? 2 : 1)
            * new AdapterLayout(layout, lora)
                .slots().stream().mapToLong(WeightLayout.Slot::elements).sum();
    boolean scalar = layout.head() == WeightLayout.Head.SCALAR;
    return scalar ? adapter + layout.config().hiddenSize() : adapter;
  }

  /**
   * A layer keeps, per token, in float32: its input, the sum after the attention, and the
   * projections to queries, keys and values; in the precision: the two norms, what the attention
   * gives on, and gate and up; in that of the attention, which is float32 on the CPU: what it saves
   * (queries, keys and values once per query head, its output).
   */
  private static long activations(ModelConfig config, long precision, CausalLmOptions options) {
    long hidden = config.hiddenSize();
    long queries = (long) config.heads() * config.headDim();
    long keys = (long) config.keyValueHeads() * config.headDim();
    long wide = 2 * hidden + queries + 2 * keys;
    long narrow = 2 * hidden + queries + 2L * config.intermediateSize();
    long attention = options.device().gpu() < 0 ? FLOAT : precision;
    long layer = FLOAT * wide + precision * narrow + 4 * attention * queries;
    return options.recompute() ? layer + FLOAT * hidden * config.layers() : layer * config.layers();
  }

  /** What is needed once the model is loaded and draws responses. */
  public long inference() {
    return sum(weights, trained, cache);
  }

  /** What a training step needs that takes so many tokens through the model at once. */
  public long training(long tokens) {
    return sum(weights, trained, gradients, moments, tokens * activationsPerToken);
  }

  /** Whether sampling may hold the weights a second time, packed. */
  boolean allowsPacking(CausalLmOptions options) {
    return sum(inference(), weights) <= limit(options);
  }

  /**
   * The most tokens whose keys and values a session keeps: those that there is room for, but no
   * more than the cache holds. The Java heap counts at its largest, so that the number stays the
   * same in a process started again.
   */
  long keptTokens(CausalLmOptions options) {
    if (session == 0) {
      return 0;
    }
    long limit = limit(options, Runtime.getRuntime().maxMemory());
    long taken = sum(inference(), allowsPacking(options) ? weights : 0);
    long tokens = BatchLimits.CACHED_PER_TOKEN * options.batchTokens();
    return Math.max(0, Math.min(tokens, (limit - taken) / (session / tokens)));
  }

  private static long sum(long... parts) {
    long sum = 0;
    for (long part : parts) {
      sum = Math.addExact(sum, part);
    }
    return sum;
  }

  /**
   * @throws IllegalStateException if what {@link #inference} says exceeds the limit, with the parts
   */
  void requireInference(CausalLmOptions options) {
    if (inference() > limit(options)) {
      throw new IllegalStateException(
          refusal("The model", inference(), limit(options))
              + new StringJoiner(", ")
                  .add("weights " + size(weights))
                  .add("adapter or masters " + size(trained))
                  .add("keys and values " + size(cache))
              + ". Remedies: a lower batchTokens, Precision.BFLOAT16, or another memoryLimit.");
    }
  }

  /**
   * @throws IllegalStateException if what {@link #training} says exceeds the limit, with the parts
   */
  void requireTraining(CausalLmOptions options, long tokens) {
    if (training(tokens) > limit(options)) {
      throw new IllegalStateException(
          refusal("The training step", training(tokens), limit(options))
              + new StringJoiner(", ")
                  .add("weights " + size(weights))
                  .add("adapter or masters " + size(trained))
                  .add("gradients " + size(gradients))
                  .add("moments " + size(moments))
                  .add(
                      "activations of %d tokens %s"
                          .formatted(tokens, size(tokens * activationsPerToken)))
              + ". Remedies: a lower batchTokens or micro-batch, recompute, LoRA, or another"
              + " memoryLimit.");
    }
  }

  private static String refusal(String what, long needed, long limit) {
    return "%s needs about %s of memory, but memoryLimit is %s: "
        .formatted(what, size(needed), size(limit));
  }

  private static String size(long bytes) {
    return bytes < 1 << 20
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1 << 30));
  }

  /** The limit that was set; else the machine's or container's memory less the Java heap's. */
  private static long limit(CausalLmOptions options) {
    return limit(options, Runtime.getRuntime().totalMemory());
  }

  private static long limit(CausalLmOptions options, long heap) {
    if (options.memoryLimit() > 0) {
      return options.memoryLimit();
    }
    return options.device().gpu() < 0 ? SystemMemory.total() - heap : Long.MAX_VALUE;
  }
}
