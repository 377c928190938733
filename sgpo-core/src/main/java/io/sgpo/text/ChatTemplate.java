package io.sgpo.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.dialogue.Message;
import io.sgpo.text.jinja.JinjaException;
import io.sgpo.text.jinja.JinjaTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the messages of a conversation into the one text that a model was trained to read: a
 * model's own Jinja template, as {@code apply_chat_template} of Hugging Face renders it. What
 * messages contain is data and never interpreted. Immutable and thread-safe.
 */
public final class ChatTemplate {

  private static final String PLAIN =
      "{% for message in messages %}"
          + "{{ message['role'] | capitalize + ': ' + message['content'] | trim }}"
          + "{% if not loop.last or add_generation_prompt %}{{ '\\n\\n' }}{% endif %}"
          + "{% endfor %}"
          + "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}";

  private final JinjaTemplate template;
  private final Map<String, String> specialTokens;
  private final ZonedDateTime now;
  private final boolean raw;

  private ChatTemplate(
      JinjaTemplate template, Map<String, String> specialTokens, ZonedDateTime now, boolean raw) {
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
    this.now = now;
    this.raw = raw;
  }

  /**
   * Parses a template.
   *
   * @param source Jinja
   * @param specialTokens what the template calls {@code bos_token}, {@code eos_token} and so on
   * @param clock read once, for templates that ask for the date
   * @throws IllegalArgumentException for a syntax error or a statement that is not supported, by
   *     name and line
   */
  public static ChatTemplate parse(String source, Map<String, String> specialTokens, Clock clock) {
    return new ChatTemplate(
        JinjaTemplate.parse(source), specialTokens, ZonedDateTime.now(clock), /* raw= */ false);
  }

  /**
   * For models without a template: paragraphs that begin with the speaker.
   *
   * <pre>{@code
   * User: What is 2+2?
   *
   * Assistant: 4
   * }</pre>
   *
   * <p>Paragraphs are separated by an empty line, contents are trimmed, the generation prompt is
   * {@code Assistant:} without a following space, and nothing follows the last turn. It names no
   * special token, so the {@link Renderer} begins it with the beginning-of-sequence id where the
   * tokenizer adds one to raw text.
   */
  public static ChatTemplate plain() {
    return new ChatTemplate(
        JinjaTemplate.parse(PLAIN),
        Map.of(),
        ZonedDateTime.now(Clock.systemUTC()),
        /* raw= */ true);
  }

  /**
   * The template of a model folder: {@code chat_template.jinja}, or {@code chat_template} in {@code
   * tokenizer_config.json}; of several named ones {@code default}.
   *
   * @return nothing, if the folder has no template
   * @throws CheckpointException if there is one that cannot be used
   */
  public static Optional<ChatTemplate> load(
      Path folder, Map<String, String> specialTokens, Clock clock) throws IOException {
    Path own = folder.resolve("chat_template.jinja");
    Path config = folder.resolve("tokenizer_config.json");
    Optional<String> source =
        Files.exists(own)
            ? Optional.of(JsonFiles.text(own))
            : fromConfig(config, JsonFiles.readOptional(config));
    Path file = Files.exists(own) ? own : config;
    if (source.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(source.get(), specialTokens, clock));
    } catch (JinjaException e) {
      throw new CheckpointException(file, null, "its chat template: " + e.getMessage(), e);
    }
  }

  private static Optional<String> fromConfig(Path file, JsonNode config)
      throws CheckpointException {
    JsonNode template = config.path("chat_template");
    if (template.isMissingNode() || template.isNull()) {
      return Optional.empty();
    }
    if (template.isTextual()) {
      return Optional.of(template.textValue());
    }
    for (JsonNode named : template) {
      if (named.path("name").asText().equals("default") && named.path("template").isTextual()) {
        return Optional.of(named.path("template").textValue());
      }
    }
    throw new CheckpointException(
        file,
        null,
        "chat_template must be a text or a list with one named \"default\", but was "
            + template.getNodeType());
  }

  /**
   * Renders messages.
   *
   * @param messages at least one
   * @param generationPrompt whether to end with the start of the assistant's next turn
   * @throws RenderingException if the template refuses the messages, fails on them, uses a
   *     construct that is not supported, or does not come to an end
   */
  public String render(List<Message> messages, boolean generationPrompt) {
    return renderTurns(messages.stream().map(ChatTemplate::dictionary).toList(), generationPrompt);
  }

  /** As {@link #render}, of turns given as the dictionaries that templates see. */
  String renderTurns(List<Map<String, Object>> turns, boolean generationPrompt) {
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", turns);
    variables.put("add_generation_prompt", generationPrompt);
    variables.put("tools", JinjaTemplate.NONE);
    variables.put("documents", JinjaTemplate.NONE);
    try {
      return template.render(
          variables, Map.of("strftime_now", format -> Strftime.format(format, now)));
    } catch (JinjaException e) {
      throw new RenderingException(
          "the chat template cannot render this conversation: " + e.getMessage(), e);
    }
  }

  /** Whether it writes raw text, without special tokens of its own. */
  boolean isRaw() {
    return raw;
  }

  private static Map<String, Object> dictionary(Message message) {
    Map<String, Object> dictionary = new LinkedHashMap<>();
    dictionary.put("role", message.role().templateName());
    dictionary.put("content", message.content());
    return dictionary;
  }

  /** The messages and one more of the assistant. */
  static List<Message> answered(List<Message> messages, String answer) {
    List<Message> all = new ArrayList<>(messages);
    all.add(Message.assistant(answer));
    return all;
  }
}
