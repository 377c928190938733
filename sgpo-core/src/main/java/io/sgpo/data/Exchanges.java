package io.sgpo.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Prompts with one response each in JSON Lines, plain or gzip: a prompt as {@link Prompts} reads
 * it, and the response under {@code response}, {@code completion} or {@code answer}, a text or one
 * turn of the assistant; or token ids under {@code response_ids} and so on.
 */
public final class Exchanges {

  private static final List<String> NAMES = List.of("response", "completion", "answer");

  private Exchanges() {}

  /**
   * All exchanges of a file, in its order.
   *
   * @throws DataException for the first row that cannot be used, and for a file without rows
   */
  public static List<Exchange> read(Path file) throws IOException {
    return read(file, Prompts.PROMPT);
  }

  /** As {@link #read(Path)}, with the prompt in another field, such as {@code instruction}. */
  public static List<Exchange> read(Path file, String promptField) throws IOException {
    return read(file, ReadOptions.DEFAULT.withPromptField(promptField)).values();
  }

  /** As {@link #read(Path, String)}, with row numbers and ids. */
  public static List<Row<Exchange>> readRows(Path file, String promptField) throws IOException {
    return read(file, ReadOptions.DEFAULT.withPromptField(promptField)).rows();
  }

  /**
   * All exchanges of a file that are used, and what was dropped.
   *
   * @throws DataException as {@link RowReader#next} does
   */
  public static Rows<Exchange> read(Path file, ReadOptions options) throws IOException {
    return JsonLines.read(file, options, parser(options), Exchanges::toJson);
  }

  /**
   * The exchanges of a file, one after the other; the caller closes the reader.
   *
   * @throws DataException if the file is missing
   */
  public static RowReader<Exchange> open(Path file, ReadOptions options) throws IOException {
    return new RowReader<>(file, options, parser(options), Exchanges::toJson);
  }

  private static JsonLines.Parser<Exchange> parser(ReadOptions options) {
    return fields -> {
      Prompt prompt = Prompts.of(fields, options.promptField());
      return new Exchange(prompt, Responses.of(fields, name(fields), prompt));
    };
  }

  private static ObjectNode toJson(Exchange exchange) {
    ObjectNode row = Prompts.toJson(exchange.prompt());
    Responses.write(row, NAMES.get(0), exchange.response(), false);
    return row;
  }

  private static String name(Fields fields) throws DataException {
    List<String> given = NAMES.stream().filter(name -> Responses.has(fields, name)).toList();
    if (given.size() != 1) {
      throw fields.fault(
          "exactly one of response, completion and answer must be given, but "
              + (given.isEmpty() ? "none is" : String.join(" and ", given) + " are"));
    }
    return given.get(0);
  }
}
