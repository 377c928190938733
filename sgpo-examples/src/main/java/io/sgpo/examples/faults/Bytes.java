package io.sgpo.examples.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file's bytes in a form that can be compared; of metrics without those that are times. */
final class Bytes {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Bytes() {}

  static String of(Path file) throws IOException {
    if (!file.getFileName().toString().equals("metrics.jsonl")) {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
    StringBuilder lines = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      ObjectNode metrics = (ObjectNode) MAPPER.readTree(line);
      metrics.properties().removeIf(metric -> metric.getKey().startsWith("time."));
      lines.append(metrics).append('\n');
    }
    return lines.toString();
  }
}
