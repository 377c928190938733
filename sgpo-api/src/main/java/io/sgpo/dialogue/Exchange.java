package io.sgpo.dialogue;

import java.util.Objects;

/**
 * A prompt and a response to it: what a policy scores.
 *
 * @param prompt the prompt x
 * @param response the response y
 */
public record Exchange(Prompt prompt, Response response) {
  public Exchange {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(response, "response");
  }
}
