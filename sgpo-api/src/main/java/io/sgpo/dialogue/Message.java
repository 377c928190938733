package io.sgpo.dialogue;

import java.util.Locale;
import java.util.Objects;

/**
 * One turn of a conversation. The content is data: a chat template renders it, but neither template
 * code nor special tokens written in it are ever interpreted.
 *
 * @param role who speaks
 * @param content what is said; may be empty
 */
public record Message(Role role, String content) {

  /** The speaker of a turn. */
  public enum Role {
    SYSTEM,
    USER,
    ASSISTANT;

    /** The name chat templates use: {@code system}, {@code user} or {@code assistant}. */
    public String templateName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role of a template name.
     *
     * @throws IllegalArgumentException for any other name
     */
    public static Role of(String templateName) {
      for (Role role : values()) {
        if (role.templateName().equals(templateName)) {
          return role;
        }
      }
      throw new IllegalArgumentException(
          "role must be one of system, user, assistant, but was \"" + templateName + "\"");
    }
  }

  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  public static Message system(String content) {
    return new Message(Role.SYSTEM, content);
  }

  public static Message user(String content) {
    return new Message(Role.USER, content);
  }

  public static Message assistant(String content) {
    return new Message(Role.ASSISTANT, content);
  }
}
