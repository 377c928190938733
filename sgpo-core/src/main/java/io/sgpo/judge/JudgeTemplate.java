package io.sgpo.judge;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.preference.Comparison;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The question that a judge of texts is asked. The template's text holds the placeholders {@code
 * {prompt}}, {@code {first}} and {@code {second}}; what stands in their places is data, and
 * placeholders or braces in it are left alone. The judge is to answer {@code A} if the first
 * response is the better one and {@code B} if the second is.
 *
 * @param text the question, with each placeholder at least once
 */
public record JudgeTemplate(String text) {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(prompt|first|second)\\}");

  /** Asks for the more helpful and accurate response, whatever its length. */
  public static final JudgeTemplate DEFAULT =
      new JudgeTemplate(
          """
          Two responses to the same prompt follow. Decide which one serves its author better: \
          weigh accuracy, helpfulness and whether it does what was asked. Neither the order of \
          the responses nor their length counts.

          <prompt>
          {prompt}
          </prompt>

          <response-A>
          {first}
          </response-A>

          <response-B>
          {second}
          </response-B>

          Reply with a single letter: A if response A is better, B if response B is better. Ties \
          are not allowed.""");

  /**
   * @throws IllegalArgumentException naming a placeholder that is missing
   */
  public JudgeTemplate {
    Objects.requireNonNull(text, "text");
    TreeSet<String> missing = new TreeSet<>(List.of("prompt", "first", "second"));
    PLACEHOLDER.matcher(text).results().forEach(match -> missing.remove(match.group(1)));
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "template must hold {prompt}, {first} and {second}, but has no {"
              + missing.first()
              + "}");
    }
  }

  /**
   * The question for a comparison.
   *
   * @throws IllegalArgumentException if the prompt or a response is token ids without a text
   */
  public String question(Comparison comparison) {
    Map<String, String> values =
        Map.of(
            "prompt", text(comparison.prompt()),
            "first", text(comparison.first()),
            "second", text(comparison.second()));
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), "")));
  }

  /** A single turn as it is; several as paragraphs that begin with the speaker. */
  private static String text(Prompt prompt) {
    if (prompt instanceof TextPrompt raw) {
      return raw.text();
    }
    if (prompt instanceof Conversation conversation) {
      List<Message> messages = conversation.messages();
      return messages.size() == 1
          ? messages.get(0).content()
          : messages.stream()
              .map(message -> message.role().templateName() + ": " + message.content())
              .collect(Collectors.joining("\n\n"));
    }
    throw new IllegalArgumentException("a judge of texts cannot read a prompt of token ids");
  }

  private static String text(Response response) {
    if (response.text().isEmpty() && response.finish() == Response.Finish.GIVEN) {
      throw new IllegalArgumentException("a judge of texts cannot read a response of token ids");
    }
    return response.text();
  }
}
