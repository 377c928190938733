package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.run.MetricValues;
import java.io.IOException;
import java.io.Writer;

/**
 * Results as JSON, one object a line, streamed. Doubles are printed so that they survive the round
 * trip; those that JSON has no number for are the strings {@code "NaN"}, {@code "Infinity"} and
 * {@code "-Infinity"}.
 */
public final class JsonOutput {

  /** Writes the fields of an object, or the elements of an array. */
  @FunctionalInterface
  public interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
              .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
              .build());

  private final Writer out;

  public JsonOutput(Writer out) {
    this.out = out;
  }

  /** Writes one object and the end of its line. */
  public void object(Body fields) {
    try {
      writeObject(out, fields);
      out.flush();
    } catch (IOException e) {
      throw new OutputFailedException(e);
    }
  }

  /** Writes one object and the end of its line to any writer. */
  static void writeObject(Writer out, Body fields) throws IOException {
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.setRootValueSeparator(null);
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
    out.write('\n');
  }

  /** Writes a field that is an array of doubles. */
  static void doubles(JsonGenerator json, String name, double[] values) throws IOException {
    json.writeFieldName(name);
    json.writeArray(values, 0, values.length);
  }

  /** Writes a field that is an array of integers. */
  static void integers(JsonGenerator json, String name, int[] values) throws IOException {
    json.writeFieldName(name);
    json.writeArray(values, 0, values.length);
  }

  /** Writes a field per metric. */
  static void metrics(JsonGenerator json, MetricValues metrics) throws IOException {
    for (var metric : metrics.values().entrySet()) {
      json.writeNumberField(metric.getKey().name(), metric.getValue());
    }
  }
}
