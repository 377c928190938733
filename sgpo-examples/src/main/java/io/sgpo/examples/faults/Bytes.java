package io.sgpo.examples.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A file's bytes in a form that can be compared; of metrics without those that are times. */
final class Bytes {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Bytes() {}

  static String of(Path file) throws IOException {
    if (file.getFileName().toString().contains("tfevents")) {
      return events(Files.readAllBytes(file));
    }
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

  /** Records in the order of their bytes, without checksums and times, the first field of each. */
  private static String events(byte[] file) {
    List<String> records = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] record = new byte[Math.toIntExact(in.getLong())];
      in.position(in.position() + Integer.BYTES);
      in.get(record).position(in.position() + Integer.BYTES);
      int time = 1 + Double.BYTES;
      records.add(new String(record, time, record.length - time, StandardCharsets.ISO_8859_1));
    }
    Collections.sort(records);
    return String.join("\n", records);
  }
}
