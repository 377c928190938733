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
 */
public record Refinement(Prompt prompt, List<Response> answers) {
  public Refinement {
    Objects.requireNonNull(prompt, "prompt");
    answers = List.copyOf(answers);
  }

  /** The last answer of the chain. */
  public Response last() {
    return answers.get(answers.size() - 1);
  }
}
