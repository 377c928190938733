package io.sgpo.examples.quickstart;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks: {@code name three animals but not the cat please}.
 *
 * @param verb one of {@link #VERBS}; it changes nothing
 * @param count how many items are wanted, 2 to 5
 * @param topic of which topic
 * @param excluded the item of the topic that must not be named, or null for none
 * @param tone the tone that is asked for
 */
record Request(String verb, int count, Topic topic, @Nullable String excluded, Tone tone) {

  static final List<String> VERBS = List.of("name", "list", "give");

  /** The words for 2, 3, 4 and 5. */
  static final List<String> NUMBERS = List.of("two", "three", "four", "five");

  static final String EXCLUSION = "but not the";

  private static final int SMALLEST_COUNT = 2;

  Request {
    Objects.requireNonNull(verb, "verb");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(tone, "tone");
    if (count < SMALLEST_COUNT || count >= SMALLEST_COUNT + NUMBERS.size()) {
      throw new IllegalArgumentException("count must be in 2..5, but was " + count);
    }
    if (excluded != null && !topic.contains(excluded)) {
      throw new IllegalArgumentException(
          "excluded must be one of the " + topic.name() + ", but was \"" + excluded + "\"");
    }
  }

  /** Every request that the language has, in a fixed order. */
  static List<Request> all() {
    List<Request> requests = new ArrayList<>();
    for (Topic topic : Topic.ALL) {
      List<@Nullable String> exclusions = new ArrayList<>(topic.items());
      exclusions.add(null);
      for (String excluded : exclusions) {
        addVariants(requests, topic, excluded);
      }
    }
    return List.copyOf(requests);
  }

  private static void addVariants(List<Request> into, Topic topic, @Nullable String excluded) {
    for (String verb : VERBS) {
      for (int i = 0; i < NUMBERS.size(); i++) {
        for (Tone tone : Tone.values()) {
          into.add(new Request(verb, SMALLEST_COUNT + i, topic, excluded, tone));
        }
      }
    }
  }

  /** The request in words. */
  String text() {
    StringBuilder words =
        new StringBuilder(verb)
            .append(' ')
            .append(NUMBERS.get(count - SMALLEST_COUNT))
            .append(' ')
            .append(topic.name());
    if (excluded != null) {
      words.append(' ').append(EXCLUSION).append(' ').append(excluded);
    }
    if (!tone.asked().isEmpty()) {
      words.append(' ').append(tone.asked());
    }
    return words.toString();
  }

  /** The request as a conversation's only turn. */
  Conversation prompt() {
    return Conversation.user(text());
  }

  /**
   * The request that a prompt makes in its first turn.
   *
   * @throws IllegalArgumentException if it is none of this language
   */
  static Request of(Prompt prompt) {
    if (prompt instanceof Conversation conversation
        && conversation.messages().get(0).role() == Message.Role.USER) {
      return parse(conversation.messages().get(0).content());
    }
    throw new IllegalArgumentException(
        "prompt must be a conversation that begins with a user's turn, but was " + prompt);
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException if the text is no request of this language
   */
  static Request parse(String text) {
    String[] words = text.split(" ", -1);
    int number = words.length < 3 ? -1 : NUMBERS.indexOf(words[1]);
    if (number < 0 || !VERBS.contains(words[0])) {
      throw unreadable(text);
    }
    Topic topic = Topic.named(words[2]);
    String rest = text.substring((words[0] + words[1] + words[2]).length() + 2).strip();
    String excluded = null;
    if (rest.startsWith(EXCLUSION + " ")) {
      rest = rest.substring(EXCLUSION.length() + 1);
      int end = rest.indexOf(' ');
      excluded = end < 0 ? rest : rest.substring(0, end);
      rest = end < 0 ? "" : rest.substring(end + 1);
    }
    return new Request(words[0], SMALLEST_COUNT + number, topic, excluded, asked(rest, text));
  }

  private static Tone asked(String rest, String text) {
    for (Tone tone : Tone.values()) {
      if (tone.asked().equals(rest)) {
        return tone;
      }
    }
    throw unreadable(text);
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "request must read like \"name three animals but not the cat please\", but was \""
            + text
            + "\"");
  }
}
