package io.sgpo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.examples.Sgpo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A finished command with what it printed.
 *
 * @param status the exit status
 * @param out standard output
 * @param err standard error
 */
record CliRun(int status, String out, String err) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Runs a command in this process, with nothing on its standard input. */
  static CliRun sgpo(String... args) {
    return sgpoReading("", args);
  }

  /** Runs a command in this process, with the text on its standard input. */
  static CliRun sgpoReading(String in, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    var stdin = new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8));
    int status = Sgpo.run(new Terminal(stdin, out, new PrintWriter(err), false), args);
    return new CliRun(status, out.toString(), err.toString());
  }

  /** The one object on standard output of a successful run. */
  JsonNode object() {
    List<JsonNode> rows = rows();
    assertEquals(1, rows.size(), out);
    return rows.get(0);
  }

  /** The objects on standard output, one a line, of a successful run. */
  List<JsonNode> rows() {
    assertEquals(0, status, err);
    List<JsonNode> rows = new ArrayList<>();
    for (String line : out.lines().toList()) {
      try {
        rows.add(MAPPER.readTree(line));
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + line, e);
      }
    }
    return rows;
  }

  /** Checks that it was refused: status 2, no output, one line that holds all the fragments. */
  void assertRefused(String... fragments) {
    assertEquals(2, status, err);
    assertEquals("", out);
    assertEquals(1, err.lines().count(), err);
    assertFalse(err.contains("Exception"), err);
    for (String fragment : fragments) {
      assertTrue(err.contains(fragment), () -> "\"" + fragment + "\" is not in: " + err);
    }
  }
}
