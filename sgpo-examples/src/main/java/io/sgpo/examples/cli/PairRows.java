package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.run.AnnotatedPair;
import java.io.IOException;
import java.io.Writer;

/**
 * Annotated pairs as JSON Lines: {@code prompt}, {@code chosen} and {@code rejected} as text or as
 * messages, whichever the prompt is, the token ids that were sampled as {@code chosen_ids} and
 * {@code rejected_ids}, and {@code round} and {@code margin}. A prompt of ids has {@code
 * prompt_ids} and no text.
 */
final class PairRows {

  private PairRows() {}

  static void write(Writer out, AnnotatedPair annotated) throws IOException {
    var pair = annotated.pair();
    JsonOutput.writeObject(
        out,
        json -> {
          prompt(json, pair.prompt());
          response(json, "chosen", pair.prompt(), pair.chosen());
          response(json, "rejected", pair.prompt(), pair.rejected());
          json.writeNumberField("round", annotated.round());
          json.writeNumberField("margin", annotated.margin());
        });
  }

  private static void prompt(JsonGenerator json, Prompt prompt) throws IOException {
    if (prompt instanceof TextPrompt text) {
      json.writeStringField("prompt", text.text());
    } else if (prompt instanceof Conversation conversation) {
      json.writeArrayFieldStart("prompt");
      for (Message message : conversation.messages()) {
        message(json, message);
      }
      json.writeEndArray();
    } else if (prompt instanceof TokenPrompt tokens) {
      JsonOutput.integers(json, "prompt_ids", tokens.tokens().toArray());
    }
  }

  private static void response(JsonGenerator json, String name, Prompt prompt, Response response)
      throws IOException {
    if (prompt instanceof Conversation && !response.text().isEmpty()) {
      json.writeArrayFieldStart(name);
      message(json, Message.assistant(response.text()));
      json.writeEndArray();
    } else if (!response.text().isEmpty()) {
      json.writeStringField(name, response.text());
    }
    if (!response.tokens().isEmpty()) {
      JsonOutput.integers(json, name + "_ids", response.tokens().toArray());
    }
  }

  private static void message(JsonGenerator json, Message message) throws IOException {
    json.writeStartObject();
    json.writeStringField("role", message.role().templateName());
    json.writeStringField("content", message.content());
    json.writeEndObject();
  }
}
