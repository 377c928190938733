package io.sgpo.dialogue;

import java.util.Objects;

/**
 * A prompt given as token ids, exactly as the model reads them.
 *
 * @param tokens the ids, at least one
 */
public record TokenPrompt(Tokens tokens) implements Prompt {

  /**
   * @throws IllegalArgumentException if there is no token
   */
  public TokenPrompt {
    Objects.requireNonNull(tokens, "tokens");
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("tokens must not be empty");
    }
  }

  public static TokenPrompt of(int... ids) {
    return new TokenPrompt(Tokens.of(ids));
  }

  @Override
  public Prompt followUp(String answer, String instruction) {
    throw new IllegalStateException(
        "a prompt of token ids cannot be continued with text; use a Conversation or a TextPrompt");
  }
}
