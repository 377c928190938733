package io.sgpo.onpolicy;

import io.sgpo.dialogue.Prompt;
import java.util.List;
import java.util.Objects;

/**
 * The moves on one prompt, before they are judged.
 *
 * @param prompt x, as the user gave it
 * @param moves the answers drawn
 * @param contests which of them are compared
 */
public record Draw(Prompt prompt, List<Move> moves, List<Contest> contests) {
  public Draw {
    Objects.requireNonNull(prompt, "prompt");
    moves = List.copyOf(moves);
    contests = List.copyOf(contests);
  }
}
