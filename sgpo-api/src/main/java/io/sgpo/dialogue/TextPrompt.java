package io.sgpo.dialogue;

import java.util.Objects;

/**
 * Raw text to be continued; no chat template is applied.
 *
 * @param text the text, not empty
 */
public record TextPrompt(String text) implements Prompt {

  /**
   * @throws IllegalArgumentException if the text is empty
   */
  public TextPrompt {
    Objects.requireNonNull(text, "text");
    if (text.isEmpty()) {
      throw new IllegalArgumentException("text must not be empty");
    }
  }

  /** Text, answer and instruction as paragraphs, ending in a blank line. */
  @Override
  public TextPrompt followUp(String answer, String instruction) {
    return new TextPrompt(text + answer + "\n\n" + instruction + "\n\n");
  }
}
