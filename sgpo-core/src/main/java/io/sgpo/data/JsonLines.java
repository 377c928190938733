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
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

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

  /** All rows of a file; see {@link RowReader#next} for what is thrown. */
  static <T> Rows<T> read(
      Path file, ReadOptions options, Parser<T> parser, Function<T, ObjectNode> content)
      throws IOException {
    try (RowReader<T> reader = new RowReader<>(file, options, parser, content)) {
      return reader.rest();
    }
  }

  /** The row in one line, without its end; halves of surrogate pairs are escaped. */
  static String line(ObjectNode row) {
    String json = row.toString();
    StringBuilder line = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            point -> {
              if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                line.append("\\u").append(Integer.toHexString(point));
              } else {
                line.appendCodePoint(point);
              }
            });
    return line.toString();
  }

  static <T> T parse(Fields fields, Parser<T> parser) throws DataException {
    try {
      return parser.parse(fields);
    } catch (IllegalArgumentException e) {
      throw fields.fault(String.valueOf(e.getMessage()));
    }
  }

  static JsonNode object(Path file, long row, String line) throws DataException {
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
            out.write(line(toJson.apply(value)).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
          }
          if (out instanceof GZIPOutputStream zipped) {
            zipped.finish();
          }
          out.flush();
        });
  }
}
