package io.sgpo.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The special tokens of a tokenizer: those added tokens that stand for structure and not for text.
 * Added tokens that are not special, such as {@code <think>}, are text like any other.
 */
final class SpecialTokens {

  /** Characters around the stand-in of a special token; no text holds these noncharacters. */
  static final char STAND_IN_OPEN = '\uFDEE';

  private static final char STAND_IN_CLOSE = '\uFDEF';

  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final List<String> longestFirst;

  private SpecialTokens(Path file, JsonNode tokenizer) throws CheckpointException {
    for (JsonNode added : tokenizer.path("added_tokens")) {
      if (added.path("special").asBoolean()) {
        JsonNode id = added.path("id");
        String content = added.path("content").asText();
        if (!id.isInt() || id.intValue() < 0 || content.isEmpty()) {
          throw new CheckpointException(
              file, null, "added_tokens must have an id >= 0 and a content, but holds " + added);
        }
        ids.put(content, id.intValue());
      }
    }
    longestFirst = new ArrayList<>(ids.keySet());
    longestFirst.sort(Comparator.comparingInt(String::length).reversed());
  }

  static SpecialTokens of(Path file, JsonNode tokenizer) throws CheckpointException {
    return new SpecialTokens(file, tokenizer);
  }

  /** Ids by text. */
  Map<String, Integer> ids() {
    return ids;
  }

  /** The longest special token at a position of a text, if there is one. */
  Optional<String> at(String text, int position) {
    for (String token : longestFirst) {
      if (text.startsWith(token, position)) {
        return Optional.of(token);
      }
    }
    return Optional.empty();
  }

  boolean occurIn(String text) {
    return longestFirst.stream().anyMatch(text::contains);
  }

  static String standIn(int id) {
    return STAND_IN_OPEN + Integer.toString(id) + STAND_IN_CLOSE;
  }

  /** The text with stand-ins in the place of special tokens. */
  String replaceByStandIns(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int position = 0;
    while (position < text.length()) {
      Optional<String> token = at(text, position);
      if (token.isPresent()) {
        Integer id = ids.get(token.get());
        out.append(standIn(id == null ? 0 : id));
        position += token.get().length();
      } else {
        out.append(text.charAt(position++));
      }
    }
    return out.toString();
  }

  /**
   * The same tokenizer with every special token renamed to its stand-in, in the list of added
   * tokens and in the vocabulary: ids stay what they are, and the tokens' own texts mean nothing.
   */
  String renamed(JsonNode tokenizer) throws IOException {
    ObjectNode copy = tokenizer.deepCopy();
    for (JsonNode added : copy.path("added_tokens")) {
      if (added.path("special").asBoolean() && added instanceof ObjectNode token) {
        token.put("content", standIn(token.path("id").asInt()));
      }
    }
    if (copy.path("model") instanceof ObjectNode model) {
      renameVocabulary(model);
      Integer unknown = ids.get(model.path("unk_token").asText());
      if (unknown != null) {
        model.put("unk_token", standIn(unknown));
      }
    }
    return JsonFiles.write(copy);
  }

  private void renameVocabulary(ObjectNode model) {
    JsonNode vocabulary = model.path("vocab");
    if (vocabulary instanceof ObjectNode byToken) {
      ids.forEach(
          (token, id) -> {
            JsonNode known = byToken.remove(token);
            if (known != null) {
              byToken.set(standIn(id), known);
            }
          });
    } else {
      for (JsonNode piece : vocabulary) {
        Integer id = ids.get(piece.path(0).asText());
        if (id != null && piece instanceof ArrayNode scored) {
          scored.set(0, scored.textNode(standIn(id)));
        }
      }
    }
  }
}
