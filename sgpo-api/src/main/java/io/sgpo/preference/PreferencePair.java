package io.sgpo.preference;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import java.util.Objects;

/**
 * A labelled preference: of two responses to one prompt, which was preferred, and how surely.
 *
 * @param prompt x
 * @param chosen y_w, the preferred response
 * @param rejected y_l, the other one
 * @param probability p(y_w ≻ y_l | x) in [0, 1], the soft label: 1 is certain, ½ a tie. A loss ℓ of
 *     the gap ξ becomes p ℓ(ξ) + (1 − p) ℓ(−ξ)
 */
public record PreferencePair(
    Prompt prompt, Response chosen, Response rejected, double probability) {

  /**
   * @throws IllegalArgumentException if a response is empty, both are the same, or the probability
   *     is outside [0, 1] or NaN
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
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be in [0, 1], but was " + probability);
    }
    probability += 0.0; // no −0.0
  }

  /** A pair whose label is certain. */
  public PreferencePair(Prompt prompt, Response chosen, Response rejected) {
    this(prompt, chosen, rejected, 1);
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

  /** The pair with another soft label. */
  public PreferencePair withProbability(double value) {
    return new PreferencePair(prompt, chosen, rejected, value);
  }

  /** The pair with its label flipped, and as sure of it. */
  public PreferencePair flipped() {
    return new PreferencePair(prompt, /* chosen= */ rejected, /* rejected= */ chosen, probability);
  }
}
