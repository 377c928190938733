package io.sgpo.lm;

/**
 * How much is drawn at once.
 *
 * @param tokens padded tokens of prompts that go through the model at once, {@code >= 1}
 * @param rows responses that are drawn at once, {@code >= 1}
 */
record BatchLimits(int tokens, int rows) {

  /** Tokens cached at once, per token that goes through the model at once. */
  static final long CACHED_PER_TOKEN = 4;

  /** What each of so many lanes may draw at once. */
  BatchLimits divided(int lanes) {
    return new BatchLimits(Math.max(1, tokens / lanes), Math.max(1, rows / lanes));
  }

  /** The most responses at once when prompt and response together may reach a length. */
  int rows(int length) {
    return (int) Math.max(1, Math.min(rows, CACHED_PER_TOKEN * tokens / Math.max(1, length)));
  }
}
