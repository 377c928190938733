package io.sgpo.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedRowsTest {

  private static final String GOOD = "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\"}\n";
  private static final String USER = "{\"role\":\"user\",\"content\":\"u\"}";
  private static final String ASSISTANT = "{\"role\":\"assistant\",\"content\":\"a\"}";
  private static final String OTHER = "{\"role\":\"assistant\",\"content\":\"b\"}";

  private final Path folder;

  MalformedRowsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A second row after a good one, and what the message must hold besides its number. */
  private static Arguments row(String what, String json, String... parts) {
    return arguments(what, json.getBytes(UTF_8), List.of(parts));
  }

  private static String turns(String prompt, String chosen, String rejected) {
    String fields = "\"chosen\":[" + chosen + "],\"rejected\":[" + rejected + "]}";
    return prompt.isEmpty() ? "{" + fields : "{\"prompt\":[" + prompt + "]," + fields;
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        row("blank line", "\n" + GOOD, "blank"),
        row("spaces only", "  \r\n", "blank"),
        arguments("bad UTF-8", new byte[] {'{', '"', (byte) 0xFF, '"', '}'}, List.of("UTF-8")),
        row("truncated", "{\"prompt\":\"p\"", "valid JSON"),
        row("two objects", "{} {}", "valid JSON"),
        row("a list", "[]", "must be a JSON object", "array"),
        row("deep nesting", "[".repeat(5000), "valid JSON", "depth"),
        row("duplicate key", "{\"prompt\":\"p\",\"prompt\":\"q\"}", "Duplicate", "prompt"),
        row(
            "NaN score",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"score\":NaN}",
            "valid JSON",
            "NaN"),
        row("missing chosen", "{\"prompt\":\"p\",\"rejected\":\"r\"}", "chosen", "missing"),
        row("null rejected", "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":null}", "rejected"),
        row("number", "{\"prompt\":\"p\",\"chosen\":7,\"rejected\":\"r\"}", "chosen", "number 7"),
        row(
            "prompt object",
            "{\"prompt\":{},\"chosen\":\"c\",\"rejected\":\"r\"}",
            "prompt",
            "object"),
        row("equal", "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"c\"}", "differ"),
        row(
            "empty chosen",
            "{\"prompt\":\"p\",\"chosen\":\"\",\"rejected\":\"r\"}",
            "chosen",
            "empty"),
        row(
            "empty prompt",
            "{\"prompt\":\"\",\"chosen\":\"c\",\"rejected\":\"r\"}",
            "prompt",
            "empty"),
        row("no common prompt", "{\"chosen\":\"xc\",\"rejected\":\"yr\"}", "prompt must be given"),
        row("empty turns", turns(USER, "", ASSISTANT), "chosen", "empty"),
        row("ends with user", turns(USER, USER, ASSISTANT), "chosen", "assistant", "user"),
        row("several turns", turns(USER, ASSISTANT + "," + ASSISTANT, OTHER), "chosen", "2 turns"),
        row(
            "prompt ends with assistant",
            turns(ASSISTANT, ASSISTANT, OTHER),
            "prompt",
            "assistant"),
        row("equal turns", turns(USER, ASSISTANT, ASSISTANT), "differ"),
        row("equal implicit", turns("", USER + "," + ASSISTANT, USER + "," + ASSISTANT), "differ"),
        row("no prompt turn", turns("", ASSISTANT, OTHER), "prompt"),
        row(
            "prompts that differ",
            turns("", USER + "," + ASSISTANT, USER + "," + USER + "," + OTHER),
            "same turns",
            "turn 2"),
        row(
            "assistant twice",
            turns(
                "", USER + "," + ASSISTANT + "," + ASSISTANT, USER + "," + ASSISTANT + "," + OTHER),
            "before the last"),
        row(
            "empty completion",
            turns(USER, "{\"role\":\"assistant\",\"content\":\"\"}", OTHER),
            "chosen",
            "empty"),
        row(
            "unknown role",
            turns("{\"role\":\"tool\",\"content\":\"\"}", ASSISTANT, OTHER),
            "prompt[0]",
            "tool"),
        row("no role", turns("{\"content\":\"x\"}", ASSISTANT, OTHER), "prompt[0].role"),
        row(
            "parts as content",
            turns("{\"role\":\"user\",\"content\":[]}", ASSISTANT, OTHER),
            "prompt[0].content",
            "array"),
        row("turn is text", turns("\"u\"", ASSISTANT, OTHER), "prompt[0]", "object"),
        row(
            "prompt elsewhere",
            "{\"prompt\":\"z\","
                + turns("", USER + "," + ASSISTANT, USER + "," + OTHER).substring(1),
            "prompt must be a turn"),
        row(
            "ids that are no ids",
            "{\"prompt_ids\":[1,-2],\"chosen_ids\":[1],\"rejected_ids\":[2]}",
            "prompt_ids[1]",
            "-2"),
        row(
            "fractional id",
            "{\"prompt_ids\":[1.5],\"chosen_ids\":[1],\"rejected_ids\":[2]}",
            "prompt_ids[0]",
            "1.5"),
        row(
            "no ids",
            "{\"prompt_ids\":[],\"chosen_ids\":[1],\"rejected_ids\":[2]}",
            "prompt_ids",
            "empty"),
        row("equal ids", "{\"prompt_ids\":[1],\"chosen_ids\":[2],\"rejected_ids\":[2]}", "differ"),
        row(
            "both prompts",
            "{\"prompt\":\"p\",\"prompt_ids\":[1],\"chosen\":\"c\",\"rejected\":\"r\"}",
            "either prompt or prompt_ids"),
        row(
            "probability above 1",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"probability\":1.5}",
            "probability must be in [0, 1]",
            "1.5"),
        row(
            "negative probability",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"probability\":-1e-9}",
            "probability must be in [0, 1]",
            "-1.0E-9"),
        row(
            "probability as text",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"probability\":\"0.5\"}",
            "probability must be a finite number",
            "string"),
        row(
            "infinite probability",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"probability\":1e999}",
            "probability must be a finite number"),
        row(
            "unknown finish",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"chosen_finish\":\"eos\"}",
            "chosen_finish must be stop or length",
            "eos"),
        row("null", "null", "must be a JSON object", "null"),
        row("a number", "7", "must be a JSON object", "number 7"),
        row("unpaired quote", "{\"prompt\":\"p", "valid JSON"),
        row("control character in a text", "{\"prompt\":\"a\u0001\"}", "valid JSON"),
        row(
            "blank role",
            turns("{\"role\":\"\",\"content\":\"x\"}", ASSISTANT, OTHER),
            "prompt[0]",
            "role"),
        row(
            "tool calls",
            turns(
                "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{}]}", ASSISTANT, OTHER),
            "prompt[0]",
            "tool_calls"),
        row("rejected missing", "{\"prompt\":\"p\",\"chosen\":\"c\"}", "rejected", "missing"),
        row(
            "prompt missing with ids",
            "{\"chosen_ids\":[1],\"rejected_ids\":[2]}",
            "must be given"),
        row(
            "empty rejected",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"\"}",
            "rejected",
            "empty"),
        row(
            "an id beyond an int",
            "{\"prompt_ids\":[3000000000],\"chosen_ids\":[1],\"rejected_ids\":[2]}",
            "prompt_ids[0]",
            "3000000000"),
        row("id of wrong type", "{\"id\":[],\"prompt\":\"p\"}", "id must be", "array"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformedRowIsRefusedWithItsNumber(String what, byte[] row, List<String> parts)
      throws IOException {
    Path file = folder.resolve("rows.jsonl");
    byte[] good = GOOD.getBytes(UTF_8);
    byte[] both = Arrays.copyOf(good, good.length + row.length);
    System.arraycopy(row, 0, both, good.length, row.length);
    Files.write(file, both);

    DataException e = assertThrows(DataException.class, () -> Preferences.read(file));

    assertEquals(2, e.row(), what);
    assertEquals(file, e.file());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(file + ": row 2: "), message);
    for (String part : parts) {
      assertTrue(message.contains(part), () -> what + ": " + message);
    }
  }

  @Test
  void emptyAndMissingFiles() throws IOException {
    Path file = folder.resolve("empty.jsonl");
    Refusals.assertNames(DataException.class, () -> Prompts.read(file), "empty.jsonl", "missing");
    Files.createFile(file);
    Refusals.assertNames(DataException.class, () -> Prompts.read(file), "empty.jsonl", "is empty");
  }

  @Test
  void duplicateIdNamesBothRows() throws IOException {
    Path file = folder.resolve("ids.jsonl");
    Files.writeString(
        file,
        "{\"id\":\"a\",\"prompt\":\"x\"}\n{\"id\":7,\"prompt\":\"x\"}\n{\"id\":\"a\",\"prompt\":\"y\"}\n");
    Refusals.assertNames(DataException.class, () -> Prompts.read(file), "row 3", "\"a\"", "row 1");
  }

  @Test
  void truncatedGzip() throws IOException {
    Path file = folder.resolve("cut.jsonl.gz");
    Files.write(file, new byte[] {0x1F, (byte) 0x8B, 8, 0});
    Refusals.assertNames(DataException.class, () -> Prompts.read(file), "gzip");
  }

  @Test
  void aLineOverTheLimitIsRefused() throws IOException {
    Path file = folder.resolve("long.jsonl");
    byte[] block = new byte[1 << 20];
    Arrays.fill(block, (byte) 'x');
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i <= LineReader.MAX_LINE_BYTES / block.length; i++) {
        out.write(block);
      }
    }
    Refusals.assertNames(
        DataException.class, () -> Prompts.read(file), "row 1", "at most 100000000 bytes");
  }

  @Test
  void exchangesNeedOneResponse() throws IOException {
    Path file = folder.resolve("exchanges.jsonl");
    Files.writeString(file, "{\"prompt\":\"p\"}");
    Refusals.assertNames(DataException.class, () -> Exchanges.read(file), "row 1", "none is");
    Files.writeString(file, "{\"prompt\":\"p\",\"response\":\"a\",\"answer\":\"b\"}");
    Refusals.assertNames(
        DataException.class, () -> Exchanges.read(file), "row 1", "response and answer");
  }
}
