package io.sgpo.lm;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A JSON file of a model folder, whose fields are read with the file and field named in errors. */
final class ConfigFile {

  private static final long MAX_BYTES = 16 << 20;
  static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private final ObjectNode root;
  private final Map<String, String> names;

  private ConfigFile(Path file, ObjectNode root, Map<String, String> names) {
    this.file = file;
    this.root = root;
    this.names = names;
  }

  /** The same file, which has other names for some fields; errors name those. */
  ConfigFile withNames(Map<String, String> onFile) {
    return new ConfigFile(file, root, onFile);
  }

  static ConfigFile read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(file, null, "is missing");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new CheckpointException(
          file, null, "must hold at most " + MAX_BYTES + " bytes, but holds " + Files.size(file));
    }
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      if (node instanceof ObjectNode object) {
        return new ConfigFile(file, object, Map.of());
      }
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file, null, "must be UTF-8, but is not", e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file, null, "must be valid JSON, but " + e.getOriginalMessage(), e);
    }
    throw new CheckpointException(file, null, "must be a JSON object, but is not");
  }

  ObjectNode root() {
    return root;
  }

  /** The object of a field as a file of its own, if the field is there and not null. */
  @Nullable ConfigFile object(String name) throws CheckpointException {
    JsonNode node = root.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (node instanceof ObjectNode object) {
      return new ConfigFile(file, object, Map.of());
    }
    throw fault(name + " must be an object, but was " + node);
  }

  boolean has(String name) {
    return root.hasNonNull(onFile(name));
  }

  private String onFile(String name) {
    return names.getOrDefault(name, name);
  }

  private JsonNode required(String name) throws CheckpointException {
    if (!has(name)) {
      throw fault(onFile(name) + " is missing");
    }
    return root.get(onFile(name));
  }

  int integer(String name) throws CheckpointException {
    return integer(onFile(name), required(name));
  }

  int integer(String name, int byDefault) throws CheckpointException {
    return has(name) ? integer(name) : byDefault;
  }

  OptionalInt optionalInteger(String name) throws CheckpointException {
    return has(name) ? OptionalInt.of(integer(name)) : OptionalInt.empty();
  }

  private int integer(String name, JsonNode node) throws CheckpointException {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw fault(name + " must be a whole number of 32 bits, but was " + node);
    }
    return node.intValue();
  }

  double number(String name) throws CheckpointException {
    JsonNode node = required(name);
    if (!node.isNumber()) {
      throw fault(onFile(name) + " must be a number, but was " + node);
    }
    return node.doubleValue();
  }

  /** A number, none where it is null, or the default where it is not there. */
  OptionalDouble optionalNumber(String name, double byDefault) throws CheckpointException {
    if (!root.has(onFile(name))) {
      return OptionalDouble.of(byDefault);
    }
    return has(name) ? OptionalDouble.of(number(name)) : OptionalDouble.empty();
  }

  double number(String name, double byDefault) throws CheckpointException {
    return has(name) ? number(name) : byDefault;
  }

  boolean flag(String name, boolean byDefault) throws CheckpointException {
    if (!has(name)) {
      return byDefault;
    }
    JsonNode node = required(name);
    if (!node.isBoolean()) {
      throw fault(onFile(name) + " must be true or false, but was " + node);
    }
    return node.booleanValue();
  }

  String text(String name, String byDefault) throws CheckpointException {
    if (!has(name)) {
      return byDefault;
    }
    JsonNode node = required(name);
    if (!node.isTextual()) {
      throw fault(onFile(name) + " must be a string, but was " + node);
    }
    return node.textValue();
  }

  /** A list of numbers. */
  List<Double> numbers(String name) throws CheckpointException {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode element : array(name)) {
      if (!element.isNumber()) {
        throw fault(name + " must hold numbers, but held " + element);
      }
      numbers.add(element.doubleValue());
    }
    return numbers;
  }

  /** A list of strings, or nothing. */
  List<String> texts(String name) throws CheckpointException {
    List<String> texts = new ArrayList<>();
    if (has(name)) {
      for (JsonNode element : array(name)) {
        if (!element.isTextual()) {
          throw fault(name + " must hold strings, but held " + element);
        }
        texts.add(element.textValue());
      }
    }
    return texts;
  }

  private JsonNode array(String name) throws CheckpointException {
    JsonNode node = root.get(name);
    if (node == null || node.isNull()) {
      throw fault(name + " is missing");
    }
    if (!node.isArray()) {
      throw fault(name + " must be an array, but was " + node);
    }
    return node;
  }

  /** One id, a list of ids, or nothing. */
  Set<Integer> ids(String name) throws CheckpointException {
    Set<Integer> ids = new TreeSet<>();
    JsonNode node = root.path(name);
    if (node.isArray()) {
      for (JsonNode element : node) {
        ids.add(integer(name, element));
      }
    } else if (has(name)) {
      ids.add(integer(name, node));
    }
    return ids;
  }

  CheckpointException fault(String fault) {
    return new CheckpointException(file, null, fault);
  }

  CheckpointException fault(IllegalArgumentException cause) {
    String message = String.valueOf(cause.getMessage());
    for (Map.Entry<String, String> name : names.entrySet()) {
      message = message.replace(name.getKey(), name.getValue());
    }
    return new CheckpointException(file, null, message, cause);
  }
}
