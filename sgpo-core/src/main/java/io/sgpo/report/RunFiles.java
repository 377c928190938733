package io.sgpo.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.checkpoint.CheckpointException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the files of a run directory say. A run may still be under way: a torn last line is left
 * out, and a file that is not there is empty.
 *
 * @param manifest {@code manifest.json}
 * @param rounds the metrics of every round
 * @param steps every training step
 * @param evaluations every held-out measure
 * @param gaps every report of gaps
 * @param answers some of an on-policy engine's answers
 * @param usage {@code usage.json}
 * @param annotated the first annotated pairs of every round
 */
record RunFiles(
    JsonNode manifest,
    List<JsonNode> rounds,
    List<JsonNode> steps,
    List<JsonNode> evaluations,
    List<JsonNode> gaps,
    List<JsonNode> answers,
    JsonNode usage,
    NavigableMap<Integer, List<JsonNode>> annotated) {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern ROUND = Pattern.compile("round-([0-9]+)\\.jsonl");
  private static final String MANIFEST = "manifest.json";

  /** How many pairs of a round are read. */
  private static final int PAIRS = 3;

  /**
   * @throws CheckpointException if it is no run directory, or a file of it is not what a run writes
   */
  static RunFiles read(Path root) throws IOException {
    return new RunFiles(
        manifest(root.resolve(MANIFEST)),
        lines(root.resolve("metrics.jsonl"), Integer.MAX_VALUE),
        lines(root.resolve("steps.jsonl"), Integer.MAX_VALUE),
        lines(root.resolve("evaluations.jsonl"), Integer.MAX_VALUE),
        lines(root.resolve("gaps.jsonl"), Integer.MAX_VALUE),
        lines(root.resolve("answers.jsonl"), Integer.MAX_VALUE),
        usage(root.resolve("usage.json")),
        annotated(root.resolve("annotations")));
  }

  private static JsonNode manifest(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(file, null, "must be there in a run directory, but is missing");
    }
    return object(file);
  }

  private static JsonNode usage(Path file) throws IOException {
    return Files.isRegularFile(file) ? object(file) : MAPPER.createObjectNode();
  }

  private static JsonNode object(Path file) throws IOException {
    try {
      JsonNode object = MAPPER.readTree(Files.readString(file));
      if (object.isObject()) {
        return object;
      }
      throw new CheckpointException(
          file, null, "must be a JSON object, but is " + object.getNodeType());
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file, null, "must be valid JSON, but " + e.getOriginalMessage(), e);
    }
  }

  private static NavigableMap<Integer, List<JsonNode>> annotated(Path folder) throws IOException {
    NavigableMap<Integer, List<JsonNode>> rounds = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return rounds;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher round = ROUND.matcher(file.getFileName().toString());
        if (round.matches()) {
          rounds.put(Integer.parseInt(round.group(1)), lines(file, PAIRS));
        }
      }
    }
    rounds.values().removeIf(List::isEmpty);
    return rounds;
  }

  private static List<JsonNode> lines(Path file, int most) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (!Files.isRegularFile(file)) {
      return lines;
    }
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String next = reader.readLine();
      for (int number = 1; next != null && number <= most; number++) {
        String line = next;
        next = reader.readLine();
        try {
          lines.add(MAPPER.readTree(line));
        } catch (JsonProcessingException e) {
          if (next != null) {
            throw new CheckpointException(
                file, null, "line " + number + " must be JSON, but " + e.getOriginalMessage(), e);
          }
        }
      }
    }
    return lines;
  }

  /** A field as a number; NaN if it is none. Numbers that JSON does not have are texts. */
  static double number(JsonNode node, String field) {
    return number(node.path(field));
  }

  static double number(JsonNode value) {
    if (value.isNumber()) {
      return value.doubleValue();
    }
    return switch (value.asText()) {
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  /**
   * For every round the number of its last step; a round without steps has that of the one before.
   */
  NavigableMap<Integer, Integer> lastSteps() {
    NavigableMap<Integer, Integer> last = new TreeMap<>();
    for (int i = 0; i < steps.size(); i++) {
      last.put(steps.get(i).path("round").asInt(), i + 1);
    }
    return last;
  }

  /** Whether a round reports such a metric. */
  boolean reports(Predicate<String> metric) {
    for (JsonNode round : rounds) {
      for (var field : round.properties()) {
        if (metric.test(field.getKey())) {
          return true;
        }
      }
    }
    return false;
  }
}
