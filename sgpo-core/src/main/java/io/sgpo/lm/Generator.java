package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.sgpo.policy.Sampling;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Draws responses token by token with a key/value cache; finished rows leave the batch. */
final class Generator {

  /** Slots of the cache beyond the prompt at first; it doubles when full. */
  private static final int FIRST_SLOTS = 64;

  /** Tokens cached at once, per token that goes through the model at once. */
  private static final int CACHED_PER_BATCH_TOKEN = 4;

  /** The batch is compacted when this share of its rows has finished. */
  private static final double COMPACT_AT = 0.25;

  private final Decoder decoder;
  private final Sampling sampling;
  private final int maxTokens;
  private final int vocabulary;
  private final TokenDraw draw;

  Generator(Decoder decoder, Sampling sampling, int maxTokens) {
    this.decoder = decoder;
    this.sampling = sampling;
    this.maxTokens = maxTokens;
    this.vocabulary = decoder.config().vocabularySize();
    this.draw = new TokenDraw(sampling, vocabulary);
  }

  /** For every prompt, its drafts in the order of the samples. */
  List<List<Draft>> run(List<int[]> prompts) {
    List<List<Draft>> drafts = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      drafts.add(Draft.list(i, prompts.get(i), sampling, decoder.config().maxPositions()));
    }
    List<Integer> order =
        IntStream.range(0, prompts.size())
            .filter(i -> !drafts.get(i).get(0).isFinished())
            .boxed()
            .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
            .toList();
    for (int start = 0; start < order.size(); ) {
      int end = batchEnd(prompts, order, start);
      batch(prompts, drafts, order.subList(start, end));
      start = end;
    }
    return drafts;
  }

  private int batchEnd(List<int[]> prompts, List<Integer> order, int start) {
    int end = start + 1;
    while (end < order.size()) {
      long count = end + 1L - start;
      long length = prompts.get(order.get(end)).length;
      long cached =
          count
              * sampling.samplesPerPrompt()
              * Math.min(length + sampling.maxNewTokens(), decoder.config().maxPositions());
      if (count * length > maxTokens || cached > (long) CACHED_PER_BATCH_TOKEN * maxTokens) {
        break;
      }
      end++;
    }
    return end;
  }

  private void batch(List<int[]> prompts, List<List<Draft>> drafts, List<Integer> members) {
    Interruption.check("sampling");
    try (NDManager scratch = decoder.scratch()) {
      int width = prompts.get(members.get(members.size() - 1)).length;
      NDList prefilled = prefill(scratch, prompts, members, width);
      List<Draft> rows = new ArrayList<>();
      List<Integer> sources = new ArrayList<>();
      float[] logits = prefilled.get(0).toFloatArray();
      for (int i = 0; i < members.size(); i++) {
        for (Draft draft : drafts.get(members.get(i))) {
          extend(draft, logits, i);
          rows.add(draft);
          sources.add(i);
        }
      }
      decode(scratch, rows, sources, prefilled.get(1));
    }
  }

  private NDList prefill(NDManager scratch, List<int[]> prompts, List<Integer> members, int width) {
    long[] ids = new long[members.size() * width];
    long[] last = new long[members.size()];
    for (int i = 0; i < last.length; i++) {
      int[] prompt = prompts.get(members.get(i));
      for (int t = 0; t < prompt.length; t++) {
        ids[i * width + t] = prompt[t];
      }
      last[i] = (long) i * width + prompt.length - 1;
    }
    return decoder.call(
        "prefill",
        false,
        scratch.create(ids, new Shape(last.length, width)),
        scratch.create(last),
        scratch.create((long) slots(width)));
  }

  private int slots(int needed) {
    int room = needed + Math.max(FIRST_SLOTS, needed);
    return Math.min(room, decoder.config().maxPositions());
  }

  private void extend(Draft draft, float[] logits, int row) {
    draw.draw(logits, row * vocabulary, draft.random());
    boolean end =
        !sampling.ignoreEndOfSequence() && decoder.config().endOfSequence().contains(draw.token());
    draft.append(draw.token(), draw.logProb(), draw.samplingLogProb(), end);
  }

  /** Decodes until all rows have finished; row r starts from row sources[r] of the cache. */
  private void decode(
      NDManager scratch, List<Draft> drafts, List<Integer> sources, NDArray firstCache) {
    List<Draft> rows = drafts;
    List<Integer> places = sources;
    NDArray cache = firstCache;
    boolean moved = rows.size() > firstCache.getShape().get(2);
    while (true) {
      long live = rows.stream().filter(draft -> !draft.isFinished()).count();
      if (live == 0) {
        return;
      }
      if (moved || rows.size() - live >= COMPACT_AT * rows.size()) {
        List<Integer> kept = live(rows);
        cache = rearrange(scratch, cache, pick(places, kept), 0);
        rows = pick(rows, kept);
        places = IntStream.range(0, rows.size()).boxed().toList();
        moved = false;
      }
      int used = rows.stream().mapToInt(Draft::length).max().orElse(0);
      if (used > cache.getShape().get(3)) {
        cache = rearrange(scratch, cache, places, slots(used));
      }
      Interruption.check("sampling");
      step(rows, cache);
    }
  }

  private void step(List<Draft> rows, NDArray cache) {
    try (NDManager scratch = decoder.scratch()) {
      long[] ids = rows.stream().mapToLong(Draft::lastToken).toArray();
      long[] positions = rows.stream().mapToLong(draft -> draft.length() - 1L).toArray();
      float[] logits =
          decoder
              .call("decode", false, scratch.create(ids), scratch.create(positions), cache)
              .singletonOrThrow()
              .toFloatArray();
      for (int i = 0; i < rows.size(); i++) {
        if (!rows.get(i).isFinished()) {
          extend(rows.get(i), logits, i);
        }
      }
    }
  }

  private NDArray rearrange(NDManager scratch, NDArray cache, List<Integer> rows, int slots) {
    long[] kept = rows.stream().mapToLong(Integer::longValue).toArray();
    NDArray result;
    try (NDArray index = scratch.create(kept);
        NDArray size = scratch.create((long) slots)) {
      result = decoder.call("rearrange", false, index, size, cache).singletonOrThrow();
    }
    cache.close();
    return result;
  }

  private static List<Integer> live(List<Draft> rows) {
    return IntStream.range(0, rows.size()).filter(i -> !rows.get(i).isFinished()).boxed().toList();
  }

  private static <T> List<T> pick(List<T> list, List<Integer> places) {
    List<T> picked = new ArrayList<>(places.size());
    for (int place : places) {
      picked.add(list.get(place));
    }
    return picked;
  }
}
