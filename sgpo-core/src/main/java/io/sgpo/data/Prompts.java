package io.sgpo.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Prompts in JSON Lines, plain or gzip. A row has one of
 *
 * <ul>
 *   <li>{@code {"prompt": "text"}}: raw text to be continued, a {@link TextPrompt}
 *   <li>{@code {"prompt": [{"role": "user", "content": "..."}, ...]}}: a {@link Conversation} that
 *       does not end with the assistant
 *   <li>{@code {"prompt_ids": [1, 2, 3]}}: a {@link TokenPrompt}
 * </ul>
 *
 * <p>Other fields are ignored, but for {@code id}, which must be unique if present.
 */
public final class Prompts {

  /** The field that holds the prompt, unless another is named. */
  public static final String PROMPT = "prompt";

  private Prompts() {}

  /**
   * All prompts of a file, in its order.
   *
   * @throws DataException for the first row that cannot be used, and for a file without rows
   */
  public static List<Prompt> read(Path file) throws IOException {
    return read(file, PROMPT);
  }

  /** As {@link #read(Path)}, with the prompt in another field, such as {@code instruction}. */
  public static List<Prompt> read(Path file, String promptField) throws IOException {
    return read(file, ReadOptions.DEFAULT.withPromptField(promptField)).values();
  }

  /** As {@link #read(Path, String)}, with row numbers and ids. */
  public static List<Row<Prompt>> readRows(Path file, String promptField) throws IOException {
    return read(file, ReadOptions.DEFAULT.withPromptField(promptField)).rows();
  }

  /**
   * All prompts of a file that are used, and what was dropped.
   *
   * @throws DataException as {@link RowReader#next} does
   */
  public static Rows<Prompt> read(Path file, ReadOptions options) throws IOException {
    return JsonLines.read(file, options, parser(options), Prompts::toJson);
  }

  /**
   * The prompts of a file, one after the other; the caller closes the reader.
   *
   * @throws DataException if the file is missing
   */
  public static RowReader<Prompt> open(Path file, ReadOptions options) throws IOException {
    return new RowReader<>(file, options, parser(options), Prompts::toJson);
  }

  private static JsonLines.Parser<Prompt> parser(ReadOptions options) {
    return fields -> of(fields, options.promptField());
  }

  static Prompt of(Fields fields, String name) throws DataException {
    String ids = name + "_ids";
    if (fields.has(ids)) {
      if (fields.has(name)) {
        throw fields.fault("either " + name + " or " + ids + " must be given, but both are");
      }
      return new TokenPrompt(fields.tokens(ids));
    }
    fields.require(name);
    if (fields.isText(name)) {
      return new TextPrompt(fields.text(name));
    }
    List<Message> messages = fields.messages(name);
    if (messages.get(messages.size() - 1).role() == Message.Role.ASSISTANT) {
      throw fields.fault(name + " must end before the assistant's turn, but ends with one");
    }
    return new Conversation(messages);
  }

  /** A prompt as one line of a file of prompts, without the line's end. */
  public static String toLine(Prompt prompt) {
    return JsonLines.line(toJson(prompt));
  }

  /** The prompt by itself. */
  static ObjectNode toJson(Prompt prompt) {
    ObjectNode row = JsonLines.object();
    write(row, prompt);
    return row;
  }

  static void write(ObjectNode row, Prompt prompt) {
    if (prompt instanceof TokenPrompt given) {
      given.tokens().stream().forEach(row.withArray("/prompt_ids")::add);
    } else if (prompt instanceof TextPrompt text) {
      row.put(PROMPT, text.text());
    } else if (prompt instanceof Conversation conversation) {
      conversation.messages().forEach(message -> addTurn(row, PROMPT, message));
    }
  }

  static void addTurn(ObjectNode row, String field, Message message) {
    row.withArray("/" + field)
        .addObject()
        .put("role", message.role().templateName())
        .put("content", message.content());
  }
}
