package io.sgpo.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code weight_map} of a {@code model.safetensors.index.json}: which shard holds a tensor. */
final class ShardIndex {

  static final String FILE_NAME = "model.safetensors.index.json";

  /** An index is much smaller than a header; the same limit serves. */
  private static final long MAX_BYTES = SafetensorsFile.MAX_HEADER_BYTES;

  private ShardIndex() {}

  /**
   * Shard file names by tensor name.
   *
   * @throws CheckpointException if the file is no such index or a shard's name is not plain
   */
  static Map<String, String> read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new CheckpointException(
          file, null, "must hold at most " + MAX_BYTES + " bytes, but holds " + size);
    }
    try (JsonParser parser =
        StrictJson.FACTORY.createParser(StrictJson.decode(Files.readAllBytes(file)))) {
      Map<String, String> map = readObject(file, parser);
      if (map.isEmpty()) {
        throw new CheckpointException(
            file, null, "weight_map must name tensors, but there are none");
      }
      return map;
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file, null, "must be UTF-8, but is not", e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file, null, "must be valid JSON, but " + e.getOriginalMessage(), e);
    }
  }

  private static Map<String, String> readObject(Path file, JsonParser parser) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new CheckpointException(file, null, "must be a JSON object, but is not");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean weights = parser.currentName().equals("weight_map");
      parser.nextToken();
      if (weights) {
        readWeightMap(file, parser, map);
      } else {
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new CheckpointException(file, null, "must be one JSON object, but more follows it");
    }
    return map;
  }

  private static void readWeightMap(Path file, JsonParser parser, Map<String, String> map)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new CheckpointException(file, null, "weight_map must be an object, but is not");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String tensor = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw new CheckpointException(file, tensor, "its shard must be a string, but is not");
      }
      map.put(tensor, requirePlain(file, tensor, parser.getText()));
    }
  }

  /** A shard lies beside its index: a path, above all one with {@code ../}, is refused. */
  private static String requirePlain(Path file, String tensor, String shard)
      throws CheckpointException {
    if (!shard.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.safetensors")) {
      throw new CheckpointException(
          file,
          tensor,
          "its shard must be the plain name of a .safetensors file in the same folder, but was \""
              + shard
              + "\"");
    }
    return shard;
  }
}
