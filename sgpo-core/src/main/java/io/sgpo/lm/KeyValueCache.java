package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Keys and values of the rows that one model decodes. Prompts are read in first ({@link #prefill})
 * and then given places among the rows ({@link #admit}). Owns native memory; not thread-safe.
 */
final class KeyValueCache implements AutoCloseable {

  private final Decoder decoder;
  private final NDManager manager;
  private final PackedWeights packed;
  private final PrefixCache prefixes;

  /** In the place of packed weights: a single row in float32 is multiplied with what is there. */
  private final List<NDArray> none;

  /** Where a step's logits are widened; it takes longer to get as much memory anew. */
  private NDArray wide;

  private NDArray cache;
  private NDArray fresh;
  private long promptTokens;

  /**
   * @param prefixes what prompts may go on from, and where sequences are kept; of the same decoder
   */
  KeyValueCache(Decoder decoder, PrefixCache prefixes) {
    this.decoder = decoder;
    this.prefixes = prefixes;
    this.manager = decoder.scratch();
    this.cache = empty(manager, 0, 0);
    this.fresh = cache;
    this.wide = manager.create(0f);
    this.packed = decoder.pack();
    this.none = Kernels.named("packed", List.of(manager.create(0f)));
  }

  private NDArray empty(NDManager owner, int rows, int slots) {
    ModelConfig config = decoder.config();
    long[] shape = {2L * config.layers(), rows, config.keyValueHeads(), slots, config.headDim()};
    return decoder.call("zeros", false, owner.create(shape)).singletonOrThrow();
  }

  Decoder decoder() {
    return decoder;
  }

  int slots() {
    return (int) cache.getShape().get(3);
  }

  /** Reads prompts; returns the logits of their next tokens, [prompts, vocabulary]. */
  NDArray prefill(NDManager scratch, List<int[]> prompts) {
    int unread = prompts.stream().mapToInt(prefixes::unread).max().orElseThrow();
    PromptBatch batch = new PromptBatch(prompts, unread);
    promptTokens += (long) unread * prompts.size();
    NDArray ids = batch.ids(scratch);
    NDArray last = batch.last(scratch);
    if (unread == batch.slots()) {
      NDList results = call("prefill", ids, last);
      setFresh(results.get(1));
      return results.get(0);
    }
    NDArray begins = scratch.create(batch.begins());
    NDArray past = prefixes.past(scratch, batch);
    NDArray logits = call("continue_prefill", ids, last, begins, past).singletonOrThrow();
    setFresh(past);
    return logits;
  }

  /** Tokens of prompts that went through the model, padding included. */
  long promptTokens() {
    return promptTokens;
  }

  /** Keeps what a finished draft has read in a row, if there is room for it. */
  void keep(Draft draft, int row) {
    keep(draft, cache, row);
  }

  /** The same for one that has no row, since its prompt, by its place among them, was read last. */
  void keepRead(Draft draft, int prompt) {
    keep(draft, fresh, prompt);
  }

  private void keep(Draft draft, NDArray source, int row) {
    if (prefixes.hasRoom(draft.length() - 1)) {
      prefixes.keep(draft.read(), source, row);
    }
  }

  private void setFresh(NDArray array) {
    if (fresh != cache) {
      fresh.close();
    }
    array.attach(manager);
    fresh = array;
  }

  /** Copies the caches of the prompts read last, by their place there, to rows of this one. */
  void admit(long[] rows, long[] prompts) {
    try (NDManager scratch = decoder.scratch()) {
      decoder.call("admit", false, scratch.create(rows), scratch.create(prompts), fresh, cache);
    }
  }

  /** Changes the number of rows and slots; the given rows become the first ones. */
  void resize(long[] kept, int rows, int slots) {
    try (NDManager scratch = decoder.scratch()) {
      NDArray resized =
          kept.length == 0
              ? empty(scratch, rows, slots)
              : decoder
                  .call(
                      "resize",
                      false,
                      scratch.create(kept),
                      scratch.create(new long[] {rows, slots}),
                      cache)
                  .singletonOrThrow();
      if (cache != fresh) {
        cache.close();
      }
      resized.attach(manager);
      cache = resized;
    }
  }

  /**
   * Takes one more token in every row; returns the logits of the next, [rows, vocabulary], which
   * are there until the next call.
   */
  NDArray decode(NDManager scratch, long[] ids, long[] positions) {
    widenFor(ids.length);
    NDList all = new NDList(scratch.create(ids), scratch.create(positions), cache, wide);
    boolean singleRow = ids.length == 1 && decoder.options().precision() == Precision.FLOAT32;
    all.addAll(singleRow ? none : packed.arrays());
    return decoder.call("decode", false, all).singletonOrThrow();
  }

  private void widenFor(int rows) {
    boolean rounded = decoder.options().precision() != Precision.FLOAT32;
    if (rounded && (wide.getShape().dimension() == 0 || wide.getShape().get(0) < rows)) {
      wide.close();
      wide = manager.create(new Shape(rows, decoder.config().vocabularySize()));
    }
  }

  private NDList call(String kernel, NDArray... arguments) {
    NDList all = new NDList(arguments);
    all.addAll(packed.arrays());
    return decoder.call(kernel, false, all);
  }

  @Override
  public void close() {
    manager.close();
    packed.release();
  }
}
