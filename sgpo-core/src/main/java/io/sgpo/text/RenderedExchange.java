package io.sgpo.text;

import io.sgpo.dialogue.Tokens;

/**
 * An exchange in token ids: the model reads {@code prompt.concat(response)} and is scored on the
 * response.
 *
 * @param prompt the ids before the response, at least one
 * @param response the ids of the response, of a text its end-of-sequence id included
 */
public record RenderedExchange(Tokens prompt, Tokens response) {

  /** Prompt and response together. */
  public Tokens all() {
    return prompt.concat(response);
  }
}
