package io.sgpo.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import java.util.List;
import java.util.Locale;

/** A response in a row: a text, one turn of the assistant, or token ids; or a text and its ids. */
final class Responses {

  private static final String FINISH = "_finish";

  private Responses() {}

  /** Whether the row has the response, in whatever form. */
  static boolean has(Fields fields, String name) {
    return fields.has(name) || fields.has(name + "_ids");
  }

  /** The response of that name to a prompt that is given by itself. */
  static Response of(Fields fields, String name, Prompt prompt) throws DataException {
    String ids = name + "_ids";
    Tokens tokens = fields.has(ids) ? fields.tokens(ids) : Tokens.EMPTY;
    String text = fields.has(name) || tokens.isEmpty() ? text(fields, name, prompt) : "";
    return new Response(text, tokens, finish(fields, name));
  }

  private static Response.Finish finish(Fields fields, String name) throws DataException {
    String field = name + FINISH;
    if (!fields.has(field)) {
      return Response.Finish.GIVEN;
    }
    String finish = fields.isText(field) ? fields.text(field) : "";
    return switch (finish) {
      case "stop" -> Response.Finish.STOP;
      case "length" -> Response.Finish.LENGTH;
      default ->
          throw fields.fault(
              field + " must be stop or length, but was " + fields.object().path(field));
    };
  }

  private static String text(Fields fields, String name, Prompt prompt) throws DataException {
    fields.require(name);
    if (fields.isText(name)) {
      return fields.text(name);
    }
    List<Message> turns = fields.messages(name);
    List<Message> before =
        prompt instanceof Conversation conversation ? conversation.messages() : List.of();
    boolean repeatsPrompt =
        turns.size() == before.size() + 1 && turns.subList(0, before.size()).equals(before);
    if (turns.size() != 1 && !repeatsPrompt) {
      throw fields.fault(
          name
              + " must be one turn of the assistant, by itself or after the turns of the prompt,"
              + " but has "
              + turns.size()
              + " turns");
    }
    return answer(fields, name, turns);
  }

  /** The content of the last turn, which must be the assistant's. */
  static String answer(Fields fields, String name, List<Message> turns) throws DataException {
    Message last = turns.get(turns.size() - 1);
    if (last.role() != Message.Role.ASSISTANT) {
      throw fields.fault(
          name
              + " must end with a turn of the assistant, but ends with "
              + last.role().templateName());
    }
    if (last.content().isEmpty()) {
      throw fields.fault(name + " must not be empty, but the assistant's turn is");
    }
    return last.content();
  }

  static void write(ObjectNode row, String name, Response response, boolean asTurn) {
    if (!response.text().isEmpty() && asTurn) {
      Prompts.addTurn(row, name, Message.assistant(response.text()));
    } else if (!response.text().isEmpty()) {
      row.put(name, response.text());
    }
    if (!response.tokens().isEmpty()) {
      response.tokens().stream().forEach(row.withArray("/" + name + "_ids")::add);
    }
    if (response.finish() != Response.Finish.GIVEN) {
      row.put(name + FINISH, response.finish().name().toLowerCase(Locale.ROOT));
    }
  }
}
