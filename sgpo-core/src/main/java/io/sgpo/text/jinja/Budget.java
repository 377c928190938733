package io.sgpo.text.jinja;

/** What a rendering may spend, so that a template that loops or grows ends with an error. */
final class Budget {

  private static final long MAX_STEPS = 3_000_000;
  private static final int MAX_TEXT = 1 << 24;
  private static final int MAX_DEPTH = 100;
  private static final int CHARS_PER_STEP = 64;

  private long steps;
  private int depth;

  void step() {
    spend(1);
  }

  /** Accounts for a text or list of this length that is about to be built. */
  void build(long length) {
    limit(length);
    spend(1 + length / CHARS_PER_STEP);
  }

  /** Checks the length of a text or list. */
  void limit(long length) {
    if (length > MAX_TEXT) {
      throw new JinjaException(
          "the template builds a text or list of more than " + MAX_TEXT + " elements");
    }
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new JinjaException("macros are nested more than " + MAX_DEPTH + " deep");
    }
  }

  void leave() {
    depth--;
  }

  private void spend(long cost) {
    steps += cost;
    if (steps > MAX_STEPS) {
      throw new JinjaException("the template takes more than " + MAX_STEPS + " steps");
    }
  }
}
