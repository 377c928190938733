package io.sgpo.ssapo;

import io.sgpo.dialogue.Response;

/** What counts as an empty answer and as the same one. */
final class Answers {

  private Answers() {}

  /** Blank text, or for a policy without text no token but the end of the sequence. */
  static boolean isEmpty(Response response) {
    if (!response.text().isEmpty()) {
      return response.text().isBlank();
    }
    int closing = response.finish() == Response.Finish.STOP ? 1 : 0;
    return response.tokens().size() <= closing;
  }

  /** Equal texts, or for a policy without text equal tokens. */
  static boolean same(Response one, Response other) {
    if (one.text().isEmpty() && other.text().isEmpty()) {
      return one.tokens().equals(other.tokens());
    }
    return one.text().equals(other.text());
  }
}
