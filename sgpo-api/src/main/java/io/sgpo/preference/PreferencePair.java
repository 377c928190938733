package io.sgpo.preference;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import java.util.Objects;

/**
 * A labelled preference: of two responses to one prompt, which was preferred.
 *
 * @param prompt x
 * @param chosen y_w, the preferred response
 * @param rejected y_l, the other one
 */
public record PreferencePair(Prompt prompt, Response chosen, Response rejected) {

  /**
   * @throws IllegalArgumentException if a response is empty or both are the same
   */
  public PreferencePair {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(chosen, "chosen");
    Objects.requireNonNull(rejected, "rejected");
    if (chosen.isEmpty() || rejected.isEmpty()) {
      throw new IllegalArgumentException("chosen and rejected must not be empty");
    }
    if (chosen.equals(rejected)) {
      throw new IllegalArgumentException(
          "chosen and rejected must differ, but both were " + chosen);
    }
  }

  /** A pair of texts. */
  public static PreferencePair of(Prompt prompt, String chosen, String rejected) {
    return new PreferencePair(prompt, Response.of(chosen), Response.of(rejected));
  }

  public Exchange chosenExchange() {
    return new Exchange(prompt, chosen);
  }

  public Exchange rejectedExchange() {
    return new Exchange(prompt, rejected);
  }

  /** The pair with its label flipped. */
  public PreferencePair flipped() {
    return new PreferencePair(prompt, /* chosen= */ rejected, /* rejected= */ chosen);
  }
}
