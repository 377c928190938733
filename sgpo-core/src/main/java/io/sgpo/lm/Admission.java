package io.sgpo.lm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The waiting drafts whose prompts are read at once. */
final class Admission {

  /**
   * Tokens that may be read again for the sake of one batch instead of two, where prompts go on
   * from what was kept; a batch of its own reads all weights once more.
   */
  private static final long READ_AGAIN = 256;

  private final NextTokens source;
  private final BatchLimits limits;
  private final int live;
  private final List<int[]> prompts = new ArrayList<>();
  private final List<Draft> drafts = new ArrayList<>();
  private int longestDraft;
  private int longestPrompt;
  private int unread;

  /**
   * @param live drafts that have places
   * @param longest the length that none of them can exceed
   */
  Admission(NextTokens source, BatchLimits limits, int live, int longest) {
    this.source = source;
    this.limits = limits;
    this.live = live;
    this.longestDraft = longest;
  }

  /**
   * Drafts of which a like number of tokens is unread one after the other, among them the short
   * ones first. Without kept prompts that is the order of their lengths.
   */
  static Comparator<Draft> order(NextTokens source) {
    return Comparator.<Draft>comparingInt(
            draft -> Integer.numberOfLeadingZeros(source.unread(draft.prompt())))
        .reversed()
        .thenComparingInt(Draft::length);
  }

  /** Each prompt once. */
  List<int[]> prompts() {
    return prompts;
  }

  /** Drafts of the prompts, in their order. */
  List<Draft> drafts() {
    return drafts;
  }

  /** Whether the next draft may be read with the others; the first one always may. */
  boolean admits(Draft next) {
    return drafts.isEmpty() || (fits(next) && !isBetterApart(next));
  }

  private boolean fits(Draft next) {
    int longest = Math.max(longestDraft, next.longest());
    long padded = (long) Math.max(longestPrompt, next.prompt().length) * promptsWith(next);
    return live + drafts.size() < limits.rows(longest) && padded <= limits.tokens();
  }

  /** Whether the other prompts would have to be read from further to the front. */
  private boolean isBetterApart(Draft next) {
    int more = source.unread(next.prompt()) - unread;
    return unread < longestPrompt && (long) more * prompts.size() > READ_AGAIN;
  }

  private int promptsWith(Draft next) {
    return prompts.size() + (isNew(next) ? 1 : 0);
  }

  private boolean isNew(Draft next) {
    return prompts.isEmpty() || prompts.get(prompts.size() - 1) != next.prompt();
  }

  void add(Draft next) {
    if (isNew(next)) {
      prompts.add(next.prompt());
    }
    drafts.add(next);
    longestDraft = Math.max(longestDraft, next.longest());
    longestPrompt = Math.max(longestPrompt, next.prompt().length);
    unread = Math.max(unread, source.unread(next.prompt()));
  }
}
