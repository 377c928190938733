package io.sgpo.preference;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import java.util.Objects;

/**
 * The question put to a preference model: is {@code first} or {@code second} the better response?
 *
 * @param prompt x, as the user gave it (never a follower's prompt)
 * @param first y
 * @param second y'
 */
public record Comparison(Prompt prompt, Response first, Response second) {
  public Comparison {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
  }
}
