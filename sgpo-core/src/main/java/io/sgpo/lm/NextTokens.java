package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.sgpo.policy.Sampling;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The distributions that tokens are drawn from: the policy's, or its geometric mixture with a
 * reference, p^(1−m) r^m up to a factor, token by token (arXiv 2312.00886). Policy and reference
 * decode side by side, each with its own cache. Owns the caches.
 */
final class NextTokens implements AutoCloseable {

  private final Sampling sampling;
  private final PrefixCache prefixes;
  private final KeyValueCache policy;
  private final @Nullable KeyValueCache reference;
  private final double mixture;

  /** Draws from the policy alone. */
  NextTokens(Decoder policy, Sampling sampling) {
    this(policy, sampling, new PrefixCache(policy, 0));
  }

  /**
   * Draws from the policy alone.
   *
   * @param prefixes what prompts may go on from, and where what is drawn is kept
   */
  NextTokens(Decoder policy, Sampling sampling, PrefixCache prefixes) {
    this.sampling = sampling;
    this.prefixes = prefixes;
    this.policy = new KeyValueCache(policy, prefixes);
    this.reference = null;
    this.mixture = 0;
  }

  /**
   * Draws from a mixture.
   *
   * @param mixture m in [0, 1]
   */
  NextTokens(Decoder policy, Sampling sampling, Decoder reference, double mixture) {
    this.sampling = sampling;
    this.prefixes = new PrefixCache(policy, 0);
    this.policy = new KeyValueCache(policy, prefixes);
    this.reference = new KeyValueCache(reference, new PrefixCache(reference, 0));
    this.mixture = mixture;
  }

  private List<KeyValueCache> caches() {
    return reference == null ? List.of(policy) : List.of(policy, reference);
  }

  int slots() {
    return policy.slots();
  }

  /**
   * Says which prompts will be read, each as often as it will be {@linkplain #release released}.
   */
  void begin(List<int[]> prompts) {
    prefixes.begin(prompts);
  }

  /** How many tokens at the end of a prompt will have to be read. */
  int unread(int[] prompt) {
    return prefixes.unread(prompt);
  }

  /** Says that a draft of a prompt has its first token. */
  void release(int[] prompt) {
    prefixes.release(prompt);
  }

  /** Keeps a finished draft for the next call, if there is room. */
  void keep(Draft draft, int row) {
    policy.keep(draft, row);
  }

  /** The same for one that is finished before it has a row; its prompt was read last. */
  void keepRead(Draft draft, int prompt) {
    policy.keepRead(draft, prompt);
  }

  /** Tokens of prompts that went through the policy, padding included. */
  long promptTokens() {
    return policy.promptTokens();
  }

  void admit(long[] rows, long[] prompts) {
    caches().forEach(cache -> cache.admit(rows, prompts));
  }

  void resize(long[] kept, int rows, int slots) {
    caches().forEach(cache -> cache.resize(kept, rows, slots));
  }

  /** Reads prompts and gives the draws of their first tokens, to be closed. */
  TokenDraw prefill(List<int[]> prompts) {
    return draw((cache, scratch) -> cache.prefill(scratch, prompts));
  }

  /** Takes one more token in every row and gives the draws of the next, to be closed. */
  TokenDraw decode(long[] ids, long[] positions) {
    return draw((cache, scratch) -> cache.decode(scratch, ids, positions));
  }

  /** The logits of the rows' next tokens that a cache gives. */
  private interface Step {
    NDArray logits(KeyValueCache cache, NDManager scratch);
  }

  private TokenDraw draw(Step step) {
    NDManager scratch = policy.decoder().scratch();
    boolean complete = false;
    try {
      NDArray logits = step.logits(policy, scratch);
      NDArray other = reference == null ? null : step.logits(reference, scratch);
      TokenDraw draw = draw(scratch, logits, other).over(scratch);
      complete = true;
      return draw;
    } finally {
      if (!complete) {
        scratch.close();
      }
    }
  }

  private TokenDraw draw(NDManager scratch, NDArray logits, @Nullable NDArray other) {
    double temperature = sampling.logProbTemperature();
    if (other == null) {
      return sampling.temperature() == 0
          ? greedy(logits, null)
          : draw(scratch, logits, temperature, null);
    }
    NDArray settings = scratch.create(new float[] {(float) temperature, (float) mixture});
    NDList mixed = policy.decoder().call("mixture", false, logits, other, settings);
    float[] own = mixed.get(1).toFloatArray();
    return sampling.temperature() == 0
        ? greedy(mixed.get(0), own)
        : draw(scratch, mixed.get(0), 1, own);
  }

  /** Draws in proportion to softmax(scores / temperature); uses the scores up. */
  private TokenDraw draw(
      NDManager scratch, NDArray scores, double temperature, float @Nullable [] own) {
    NDArray divisor = scratch.create((float) temperature);
    NDArray block = scratch.create((long) CumulativeWeights.BLOCK);
    NDList found = policy.decoder().call("proportions", false, scores, divisor, block);
    FloatBuffer weights = found.get(0).toByteBuffer(true).asFloatBuffer();
    int vocabulary = policy.decoder().config().vocabularySize();
    return TokenDraw.of(sampling, weights, found.get(1).toFloatArray(), vocabulary, own);
  }

  private TokenDraw greedy(NDArray scores, float @Nullable [] own) {
    NDList best = policy.decoder().call("best", false, scores);
    return TokenDraw.greedy(best.get(0).toLongArray(), best.get(1).toFloatArray(), own);
  }

  @Override
  public void close() {
    caches().forEach(KeyValueCache::close);
  }
}
