package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the sequences that one call of a sampling session drew, for the prompts of the
 * next call that begin alike (prefix caching). Sequences are compared by their tokens. Those that
 * no prompt of a call goes on from are freed at its beginning, the others once the last of their
 * prompts is read. Owns native memory; not thread-safe.
 */
final class PrefixCache implements AutoCloseable {

  /** Beginnings shorter than this share of a prompt are computed again. */
  private static final double LEAST_SHARE = 0.125;

  /** A sequence, its keys and values, and how often prompts that go on from it will be read. */
  private static final class Entry {
    private final int[] tokens;
    private final NDArray states;
    private int waiting;

    /**
     * @param states [2 * layers, heads, tokens, size]
     */
    private Entry(int[] tokens, NDArray states) {
      this.tokens = tokens;
      this.states = states;
    }
  }

  /**
   * What a prompt goes on from.
   *
   * @param length how many of their first tokens are the same, less than the prompt's
   */
  private record Match(Entry entry, int length) {}

  private final Decoder decoder;
  private final long version;
  private final long capacity;
  private final long bytesPerToken;
  private final TreeMap<int[], Entry> known = new TreeMap<>(Arrays::compare);
  private final TreeMap<int[], Entry> kept = new TreeMap<>(Arrays::compare);
  private final IdentityHashMap<int[], Match> matches = new IdentityHashMap<>();
  private @Nullable NDManager manager;
  private long size;

  /**
   * @param capacity the most tokens whose keys and values are kept; 0 keeps nothing, and there is
   *     nothing to close
   */
  PrefixCache(Decoder decoder, long capacity) {
    this.decoder = decoder;
    this.version = decoder.version();
    this.capacity = capacity;
    this.bytesPerToken = TokenMemory.of(decoder.config(), decoder.options()).cached();
  }

  /** Whether it was filled by the weights that a decoder has now. */
  boolean isOf(Decoder any) {
    return any == decoder && any.version() == version;
  }

  /** The number of tokens whose keys and values it holds. */
  long size() {
    return size;
  }

  /**
   * Begins a call.
   *
   * @param prompts those that will be read, each as often as it is {@linkplain #release released}
   */
  void begin(List<int[]> prompts) {
    for (int[] prompt : prompts) {
      Match match = matches.containsKey(prompt) ? matches.get(prompt) : match(prompt);
      if (match != null) {
        matches.put(prompt, match);
        match.entry().waiting++;
      }
    }
    List<Entry> unused = known.values().stream().filter(e -> e.waiting == 0).toList();
    unused.forEach(this::free);
  }

  /** Among sorted sequences, one of a prompt's two neighbours has most in common with it. */
  private @Nullable Match match(int[] prompt) {
    Map.Entry<int[], Entry> below = known.floorEntry(prompt);
    Map.Entry<int[], Entry> above = known.ceilingEntry(prompt);
    int before = below == null ? 0 : common(below.getKey(), prompt);
    int after = above == null ? 0 : common(above.getKey(), prompt);
    Map.Entry<int[], Entry> nearest = before >= after ? below : above;
    // The last token is always read: its state gives the first draw.
    int length = Math.min(Math.max(before, after), prompt.length - 1);
    return nearest == null || length < LEAST_SHARE * prompt.length
        ? null
        : new Match(nearest.getValue(), length);
  }

  private static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  private void free(Entry entry) {
    known.remove(entry.tokens);
    hold(-entry.tokens.length);
    entry.states.close();
  }

  private void hold(long tokens) {
    size += tokens;
    decoder.holdings().add(Holdings.Part.SESSIONS, tokens * bytesPerToken);
  }

  /** How many tokens at the end of a prompt must be read. */
  int unread(int[] prompt) {
    Match match = matches.get(prompt);
    return match == null ? prompt.length : prompt.length - match.length();
  }

  /** A cache of rows that hold what is before the tokens of a batch. */
  NDArray past(NDManager scratch, PromptBatch batch) {
    List<NDArray> states = new ArrayList<>();
    long[] sources = new long[batch.prompts().size()];
    long[] begins = batch.begins();
    for (int i = 0; i < sources.length; i++) {
      Match match = matches.get(batch.prompts().get(i));
      if (match != null && begins[i] > 0) {
        sources[i] = states.size();
        states.add(match.entry().states);
      }
    }
    NDList arguments =
        new NDList(
            scratch.create(sources), scratch.create(begins), scratch.create((long) batch.slots()));
    arguments.addAll(states);
    return decoder.call("continue_from", false, arguments).singletonOrThrow();
  }

  /** Says that a prompt has been read, for the last time if all its draws are under way. */
  void release(int[] prompt) {
    Match match = matches.get(prompt);
    if (match != null && --match.entry().waiting == 0) {
      free(match.entry());
    }
  }

  /** Whether there is room for the keys and values of so many more tokens. */
  boolean hasRoom(int tokens) {
    return size + tokens <= capacity;
  }

  /**
   * Keeps a sequence for the next call.
   *
   * @param tokens for which there {@linkplain #hasRoom is room}
   * @param cache whose row holds their keys and values in its first slots
   */
  void keep(int[] tokens, NDArray cache, int row) {
    if (kept.containsKey(tokens)) {
      return;
    }
    if (manager == null) {
      manager = decoder.scratch();
    }
    try (NDManager scratch = manager.newSubManager()) {
      NDArray range = scratch.create(new long[] {row, tokens.length});
      NDArray states = decoder.call("keep", false, range, cache).singletonOrThrow();
      states.attach(manager);
      kept.put(tokens, new Entry(tokens, Kernels.named("kept", List.of(states)).get(0)));
      hold(tokens.length);
    }
  }

  /** Ends a call: what it kept is what the next one goes on from. */
  void end() {
    List.copyOf(known.values()).forEach(this::free);
    matches.clear();
    known.putAll(kept);
    kept.clear();
  }

  /** Idempotent, also once the decoder is closed. */
  @Override
  public void close() {
    if (manager != null) {
      manager.close();
    }
    hold(-size);
  }
}
