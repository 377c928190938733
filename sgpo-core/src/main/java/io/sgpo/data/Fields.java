package io.sgpo.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Tokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a row, read with checks.
 *
 * @param file for messages
 * @param row the line, from 1
 * @param object the row's JSON
 */
record Fields(Path file, long row, JsonNode object) {

  DataException fault(String fault) {
    return new DataException(file, row, fault, null);
  }

  /** Whether there is such a field; null counts as absent. */
  boolean has(String name) {
    return object.hasNonNull(name);
  }

  JsonNode require(String name) throws DataException {
    if (!has(name)) {
      throw fault(name + " must be given, but is missing");
    }
    return object.path(name);
  }

  boolean isText(String name) {
    return object.path(name).isTextual();
  }

  /** A text that is not empty. */
  String text(String name) throws DataException {
    return text(name, require(name));
  }

  /** A finite number. */
  double number(String name) throws DataException {
    JsonNode value = require(name);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw fault(name + " must be a finite number, but was " + typeOf(value));
    }
    return value.doubleValue();
  }

  /** An integer. */
  int integer(String name) throws DataException {
    JsonNode value = require(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw fault(name + " must be an integer, but was " + typeOf(value));
    }
    return value.intValue();
  }

  /** Turns of a conversation, at least one. */
  List<Message> messages(String name) throws DataException {
    JsonNode list = require(name);
    if (!list.isArray()) {
      throw fault(name + " must be a text or a list of turns, but was " + typeOf(list));
    }
    if (list.isEmpty()) {
      throw fault(name + " must not be empty");
    }
    List<Message> messages = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      messages.add(message(name + "[" + i + "]", list.get(i)));
    }
    return messages;
  }

  private Message message(String name, JsonNode turn) throws DataException {
    if (!turn.isObject()) {
      throw fault(name + " must be an object with role and content, but was " + typeOf(turn));
    }
    if (turn.hasNonNull("tool_calls")) {
      throw fault(name + " must be text, but holds tool_calls");
    }
    JsonNode role = turn.path("role");
    JsonNode content = turn.path("content");
    if (!role.isTextual() || !content.isTextual()) {
      JsonNode wrong = role.isTextual() ? content : role;
      throw fault(
          name
              + (role.isTextual() ? ".content" : ".role")
              + " must be a text, but was "
              + typeOf(wrong));
    }
    try {
      return new Message(Message.Role.of(role.textValue()), content.textValue());
    } catch (IllegalArgumentException e) {
      throw fault(name + "." + e.getMessage());
    }
  }

  /** Token ids, at least one. */
  Tokens tokens(String name) throws DataException {
    JsonNode list = require(name);
    if (!list.isArray()) {
      throw fault(name + " must be a list of token ids, but was " + typeOf(list));
    }
    if (list.isEmpty()) {
      throw fault(name + " must not be empty");
    }
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = list.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
        throw fault(name + "[" + i + "] must be an id >= 0, but was " + id);
      }
      ids[i] = id.intValue();
    }
    return Tokens.of(ids);
  }

  /** The row's {@code id}, a text or an integer. */
  @Nullable String id() throws DataException {
    JsonNode id = object.path("id");
    if (id.isMissingNode() || id.isNull()) {
      return null;
    }
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw fault("id must be a text or an integer, but was " + typeOf(id));
    }
    return id.asText();
  }

  private String text(String name, JsonNode value) throws DataException {
    if (!value.isTextual()) {
      throw fault(name + " must be a text or a list of turns, but was " + typeOf(value));
    }
    if (value.textValue().isEmpty()) {
      throw fault(name + " must not be empty");
    }
    return value.textValue();
  }

  /** What a JSON value is, with the value itself where it is short. */
  static String typeOf(JsonNode node) {
    String type = node.getNodeType().toString().toLowerCase(Locale.ROOT);
    return node.isValueNode() && !node.isTextual() ? type + " " + node : type;
  }
}
