package io.sgpo.dialogue;

import java.util.ArrayList;
import java.util.List;

/**
 * A conversation that waits for the assistant's next turn.
 *
 * @param messages the turns so far, at least one
 */
public record Conversation(List<Message> messages) implements Prompt {

  /**
   * @throws IllegalArgumentException if there is no message
   */
  public Conversation {
    messages = List.copyOf(messages);
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("messages must not be empty");
    }
  }

  /** A conversation of one user turn. */
  public static Conversation user(String content) {
    return new Conversation(List.of(Message.user(content)));
  }

  /** A conversation of the given turns. */
  public static Conversation of(Message... messages) {
    return new Conversation(List.of(messages));
  }

  /** This conversation and one more turn. */
  public Conversation then(Message message) {
    List<Message> longer = new ArrayList<>(messages);
    longer.add(message);
    return new Conversation(longer);
  }

  @Override
  public Conversation followUp(String answer, String instruction) {
    return then(Message.assistant(answer)).then(Message.user(instruction));
  }
}
