package io.sgpo.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.preference.PreferencePair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Preference pairs in JSON Lines, plain or gzip, in the forms that TRL documents. A row has {@code
 * chosen} and {@code rejected}, each a text, or turns that end with the assistant's, and either
 *
 * <ul>
 *   <li>an explicit prompt: {@code prompt}, a text or turns, as {@link Prompts} reads it; or
 *   <li>an implicit one: what chosen and rejected begin with in common.
 * </ul>
 *
 * <p>Token ids stand in {@code prompt_ids}, {@code chosen_ids} and {@code rejected_ids}; ids of a
 * response may accompany its text, and {@code chosen_finish} and {@code rejected_finish} say how a
 * sampled one ended, {@code stop} or {@code length}. {@code probability} is a soft label, how
 * probably chosen is the better one; 1 if absent. Other fields are ignored, but for {@code id},
 * which must be unique if present.
 *
 * <p>Of TRL's forms not read: unpaired preferences ({@code completion} with {@code label}),
 * stepwise supervision, and Parquet or other files than JSON Lines. A turn with {@code tool_calls}
 * or with content that is no text, such as images, is refused with its row. The fields {@code
 * tools}, {@code images} and {@code chat_template_kwargs} of a row are ignored like others: the
 * template sees the turns alone.
 */
public final class Preferences {

  private static final String CHOSEN = "chosen";
  private static final String REJECTED = "rejected";
  private static final String PROBABILITY = "probability";

  private Preferences() {}

  /**
   * All pairs of a file, in its order.
   *
   * @throws DataException for the first row that cannot be used, and for a file without rows
   */
  public static List<PreferencePair> read(Path file) throws IOException {
    return read(file, Prompts.PROMPT);
  }

  /** As {@link #read(Path)}, with the prompt in another field, such as {@code instruction}. */
  public static List<PreferencePair> read(Path file, String promptField) throws IOException {
    return read(file, ReadOptions.DEFAULT.withPromptField(promptField)).values();
  }

  /** As {@link #read(Path, String)}, with row numbers and ids. */
  public static List<Row<PreferencePair>> readRows(Path file, String promptField)
      throws IOException {
    return read(file, ReadOptions.DEFAULT.withPromptField(promptField)).rows();
  }

  /**
   * All pairs of a file that are used, and what was dropped.
   *
   * @throws DataException as {@link RowReader#next} does
   */
  public static Rows<PreferencePair> read(Path file, ReadOptions options) throws IOException {
    return JsonLines.read(file, options, parser(options), Preferences::toJson);
  }

  /**
   * The pairs of a file, one after the other; the caller closes the reader.
   *
   * @throws DataException if the file is missing
   */
  public static RowReader<PreferencePair> open(Path file, ReadOptions options) throws IOException {
    return new RowReader<>(file, options, parser(options), Preferences::toJson);
  }

  private static JsonLines.Parser<PreferencePair> parser(ReadOptions options) {
    return fields -> of(fields, options.promptField());
  }

  /**
   * Writes pairs with explicit prompts, such that {@link #read(Path)} gives them back. The file is
   * complete or not there, gzip if its name ends in {@code .gz}; one that is there is replaced.
   */
  public static void write(Path file, List<PreferencePair> pairs) throws IOException {
    JsonLines.write(file, pairs, Preferences::toJson);
  }

  /** A pair as one line of such a file, without the line's end. */
  public static String toLine(PreferencePair pair) {
    return JsonLines.line(toJson(pair));
  }

  static ObjectNode toJson(PreferencePair pair) {
    ObjectNode row = Prompts.toJson(pair.prompt());
    boolean asTurn = pair.prompt() instanceof Conversation;
    Responses.write(row, CHOSEN, pair.chosen(), asTurn);
    Responses.write(row, REJECTED, pair.rejected(), asTurn);
    if (pair.probability() != 1) {
      row.put(PROBABILITY, pair.probability());
    }
    return row;
  }

  static PreferencePair of(Fields fields, String promptField) throws DataException {
    for (String name : List.of(CHOSEN, REJECTED)) {
      if (!Responses.has(fields, name)) {
        throw fields.fault(name + " must be given, but is missing");
      }
    }
    boolean explicit = fields.has(promptField) || fields.has(promptField + "_ids");
    PreferencePair pair =
        explicit && !repeatsTextPrompt(fields, promptField)
            ? explicit(fields, Prompts.of(fields, promptField))
            : implicit(fields);
    if (explicit && pair.prompt() instanceof Conversation conversation) {
      requireSamePrompt(fields, promptField, conversation);
    }
    return fields.has(PROBABILITY) ? pair.withProbability(fields.number(PROBABILITY)) : pair;
  }

  private static PreferencePair explicit(Fields fields, Prompt prompt) throws DataException {
    var chosen = Responses.of(fields, CHOSEN, prompt);
    var rejected = Responses.of(fields, REJECTED, prompt);
    requireDifferent(fields, chosen.equals(rejected));
    return new PreferencePair(prompt, chosen, rejected);
  }

  private static PreferencePair implicit(Fields fields) throws DataException {
    boolean texts = fields.isText(CHOSEN) && fields.isText(REJECTED);
    if (texts) {
      String chosen = fields.text(CHOSEN);
      String rejected = fields.text(REJECTED);
      requireDifferent(fields, chosen.equals(rejected));
      return ImplicitPrompt.ofTexts(fields, chosen, rejected);
    }
    List<Message> chosen = fields.messages(CHOSEN);
    List<Message> rejected = fields.messages(REJECTED);
    requireDifferent(fields, chosen.equals(rejected));
    return ImplicitPrompt.ofTurns(fields, chosen, rejected);
  }

  /** Whether the prompt is a text that conversations in chosen and rejected begin with. */
  private static boolean repeatsTextPrompt(Fields fields, String promptField) throws DataException {
    return fields.isText(promptField)
        && !fields.isText(CHOSEN)
        && fields.has(CHOSEN)
        && fields.messages(CHOSEN).size() > 1;
  }

  private static void requireSamePrompt(Fields fields, String field, Conversation conversation)
      throws DataException {
    boolean same =
        !fields.isText(field)
            || conversation.messages().stream()
                .anyMatch(
                    message ->
                        Objects.equals(message.content(), fields.object().path(field).asText()));
    if (!same) {
      throw fields.fault(field + " must be a turn of chosen, but is none of them");
    }
  }

  private static void requireDifferent(Fields fields, boolean same) throws DataException {
    if (same) {
      throw fields.fault("chosen and rejected must differ, but are the same");
    }
  }
}
