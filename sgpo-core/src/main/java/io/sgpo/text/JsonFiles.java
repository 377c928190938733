package io.sgpo.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sgpo.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JSON files of a model folder. */
final class JsonFiles {

  /** Larger than any published tokenizer by a factor of ten. */
  private static final long MAX_BYTES = 500_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFiles() {}

  /** The JSON object of a file, or a missing node if there is no such file. */
  static JsonNode readOptional(Path file) throws IOException {
    if (!Files.exists(file)) {
      return MissingNode.getInstance();
    }
    try {
      JsonNode node = MAPPER.readTree(text(file));
      if (!node.isObject()) {
        throw new CheckpointException(
            file, null, "must be a JSON object, but was " + node.getNodeType());
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file, null, "must be valid JSON, but " + e.getOriginalMessage(), e);
    }
  }

  static String write(JsonNode node) throws IOException {
    return MAPPER.writeValueAsString(node);
  }

  /** The text of a UTF-8 file. */
  static String text(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new CheckpointException(
          file, null, "must hold at most " + MAX_BYTES + " bytes, but holds " + size);
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file, null, "must be UTF-8, but is not", e);
    }
  }
}
