package io.sgpo.lm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The drafts that are decoded together, a row of the cache each; a finished one's row is free. */
final class DraftRows {

  /** Slots of the cache beyond what is used at first; they double when full. */
  private static final int FIRST_SLOTS = 64;

  /** Rows are given up when this share of them is free and nothing waits. */
  private static final double COMPACT_AT = 0.25;

  /** Draws a draft's next token from a row of a draw. */
  interface Extension {
    void extend(Draft draft, TokenDraw draw, int row);
  }

  private final NextTokens source;
  private final List<Draft> rows = new ArrayList<>();
  private int live;

  DraftRows(NextTokens source) {
    this.source = source;
  }

  /** The number of drafts that are not finished. */
  int live() {
    return live;
  }

  /** The length that no live draft can exceed. */
  int longest() {
    return liveRows().map(row -> rows.get(row).longest()).max().orElse(0);
  }

  private IntStream liveRows() {
    return IntStream.range(0, rows.size()).filter(row -> !rows.get(row).isFinished());
  }

  /**
   * Reads prompts and draws the first tokens of their drafts; those that go on take free rows.
   *
   * @param prompts each once
   * @param drafts drafts of these prompts, in their order
   */
  void admit(List<int[]> prompts, List<Draft> drafts, Extension extension) {
    List<Draft> admitted = new ArrayList<>();
    List<Integer> read = new ArrayList<>();
    try (TokenDraw draw = source.prefill(prompts)) {
      int prompt = 0;
      for (Draft draft : drafts) {
        prompt += draft.prompt() == prompts.get(prompt) ? 0 : 1;
        extension.extend(draft, draw, prompt);
        source.release(draft.prompt());
        if (draft.isFinished()) {
          source.keepRead(draft, prompt);
        } else {
          admitted.add(draft);
          read.add(prompt);
        }
      }
    }
    if (!admitted.isEmpty()) {
      int width = prompts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
      place(admitted, read, width);
    }
  }

  private void place(List<Draft> admitted, List<Integer> read, int width) {
    if (rows.size() - live < admitted.size() || source.slots() < width) {
      int longest = Math.max(longest(), admitted.stream().mapToInt(Draft::longest).max().orElse(0));
      resize(live + admitted.size(), Math.max(source.slots(), slots(width, longest)));
    }
    long[] targets = freeRows().limit(admitted.size()).mapToLong(row -> row).toArray();
    for (int i = 0; i < targets.length; i++) {
      rows.set((int) targets[i], admitted.get(i));
    }
    live += admitted.size();
    source.admit(targets, read.stream().mapToLong(Integer::longValue).toArray());
  }

  private IntStream freeRows() {
    return IntStream.range(0, rows.size()).filter(row -> rows.get(row).isFinished());
  }

  private static int slots(int needed, int longest) {
    return Math.min(needed + Math.max(FIRST_SLOTS, needed), longest);
  }

  /** Moves the live rows to the front; the rows behind them are free. */
  private void resize(int count, int slots) {
    int[] kept = liveRows().toArray();
    source.resize(IntStream.of(kept).mapToLong(row -> row).toArray(), count, slots);
    List<Draft> moved = new ArrayList<>(IntStream.of(kept).mapToObj(rows::get).toList());
    moved.addAll(Collections.nCopies(count - kept.length, Draft.NONE));
    rows.clear();
    rows.addAll(moved);
  }

  /**
   * Draws a token for every live row.
   *
   * @param last whether nothing waits for free rows
   */
  void step(boolean last, Extension extension) {
    int used = liveRows().map(row -> rows.get(row).length()).max().orElseThrow();
    boolean full = used > source.slots();
    if (full || (last && rows.size() - live >= Math.max(1, COMPACT_AT * rows.size()))) {
      int count = last ? live : rows.size();
      resize(count, full ? slots(used, longest()) : source.slots());
    }
    try (TokenDraw draw = source.decode(ids(), positions(used - 1))) {
      for (int row = 0; row < rows.size(); row++) {
        Draft draft = rows.get(row);
        if (!draft.isFinished()) {
          extension.extend(draft, draw, row);
          if (draft.isFinished()) {
            live--;
            source.keep(draft, row);
          }
        }
      }
    }
  }

  private long[] ids() {
    return rows.stream().mapToLong(draft -> draft.isFinished() ? 0 : draft.lastToken()).toArray();
  }

  /** Free rows repeat a live row's position: what they compute is thrown away. */
  private long[] positions(int free) {
    return rows.stream()
        .mapToLong(draft -> draft.isFinished() ? free : draft.length() - 1L)
        .toArray();
  }
}
