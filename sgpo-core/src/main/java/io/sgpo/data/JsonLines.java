package io.sgpo.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Files of one JSON object a line. */
final class JsonLines {

  private static final int MAX_DEPTH = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(LineReader.MAX_LINE_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonLines() {}

  /** Makes a value of a row's fields. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(Fields fields) throws DataException;
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * All rows of a file.
   *
   * @throws DataException for the first row that cannot be used, for an {@code id} that occurs
   *     twice, and for a file without rows
   */
  static <T> List<Row<T>> read(Path file, Parser<T> parser) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new DataException(file, 0, "must be a file, but is missing or no regular file", null);
    }
    List<Row<T>> rows = new ArrayList<>();
    Map<String, Long> rowOfId = new HashMap<>();
    try (LineReader lines = new LineReader(file)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        Fields fields = new Fields(file, lines.number(), object(file, lines.number(), line));
        String id = fields.id();
        requireNew(fields, rowOfId, id);
        rows.add(new Row<>(lines.number(), id, parse(fields, parser)));
      }
    }
    if (rows.isEmpty()) {
      throw new DataException(file, 0, "must hold at least one row, but is empty", null);
    }
    return rows;
  }

  static <T> List<T> values(List<Row<T>> rows) {
    List<T> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(row.value()));
    return values;
  }

  private static <T> T parse(Fields fields, Parser<T> parser) throws DataException {
    try {
      return parser.parse(fields);
    } catch (IllegalArgumentException e) {
      throw fields.fault(String.valueOf(e.getMessage()));
    }
  }

  private static JsonNode object(Path file, long row, String line) throws DataException {
    if (line.isBlank()) {
      throw new DataException(file, row, "must be a JSON object, but the line is blank", null);
    }
    try {
      JsonNode node = MAPPER.readTree(line);
      if (!node.isObject()) {
        throw new DataException(
            file, row, "must be a JSON object, but was " + Fields.typeOf(node), null);
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new DataException(file, row, "must be valid JSON, but " + e.getOriginalMessage(), e);
    }
  }

  private static void requireNew(Fields fields, Map<String, Long> rowOfId, @Nullable String id)
      throws DataException {
    Long earlier = id == null ? null : rowOfId.putIfAbsent(id, fields.row());
    if (earlier != null) {
      throw fields.fault("id must be unique, but \"" + id + "\" is also the id of row " + earlier);
    }
  }

  /**
   * Writes a file, complete or not at all; gzip if its name ends in {@code .gz}. A file that is
   * there is replaced.
   */
  static <T> void write(Path file, List<T> values, Function<T, ObjectNode> toJson)
      throws IOException {
    AtomicFile.write(
        file,
        raw -> {
          boolean gzip = file.toString().endsWith(".gz");
          OutputStream out = gzip ? new GZIPOutputStream(raw) : new BufferedOutputStream(raw);
          for (T value : values) {
            out.write(
                MAPPER.writeValueAsString(toJson.apply(value)).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
          }
          if (out instanceof GZIPOutputStream zipped) {
            zipped.finish();
          }
          out.flush();
        });
  }
}
