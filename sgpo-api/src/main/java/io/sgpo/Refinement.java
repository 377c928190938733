package io.sgpo;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import java.util.List;
import java.util.Objects;

/**
 * A chain of refinements y_0, y_1 ∼ ω(·|x, y_0), y_2 ∼ ω(·|x, y_1), … (arXiv 2512.16626).
 *
 * @param prompt x
 * @param answers the answer that was given, then each refinement; at least the given one
 * @param stop why the chain ended
 */
public record Refinement(Prompt prompt, List<Response> answers, Stop stop) {

  /** Why a chain ended. */
  public enum Stop {
    /** All steps were taken. */
    STEPS,
    /** The next answer was the same as the last; it was not taken. */
    FIXED_POINT,
    /** The judge did not prefer the next answer to the last; it was not taken. */
    NOT_PREFERRED,
    /** The judge abstained or failed; the next answer was not taken. */
    UNDECIDED,
    /** The next answer's score was not high enough; it was not taken. */
    SCORE,
    /** A rule of the caller's ended the chain after the last answer. */
    RULE,
    /** The limit on the tokens drawn for the chain was reached. */
    TOKENS
  }

  public Refinement {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(stop, "stop");
    answers = List.copyOf(answers);
  }

  /** The last answer of the chain. */
  public Response last() {
    return answers.get(answers.size() - 1);
  }
}
