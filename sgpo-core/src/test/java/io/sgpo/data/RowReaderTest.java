package io.sgpo.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.preference.PreferencePair;
import io.sgpo.testing.Refusals;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is dropped, counted and streamed. */
class RowReaderTest {

  private static final ReadOptions LENIENT = ReadOptions.DEFAULT.withDropBadRows(true);

  private final Path folder;

  RowReaderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), text);
  }

  private static String pair(String prompt, String chosen, String rejected) {
    return "{\"prompt\":\"%s\",\"chosen\":\"%s\",\"rejected\":\"%s\"}\n"
        .formatted(prompt, chosen, rejected);
  }

  @Test
  void badRowsAreDroppedAndCountedByTheirRule() throws IOException {
    Path file =
        file(
            pair("a", "b", "c")
                + "not json\n"
                + pair("a", "b", "b")
                + "{\"prompt\":\"p\",\"rejected\":\"r\"}\n"
                + pair("d", "e", "e")
                + "{\"prompt\":[{\"content\":\"x\"}],\"chosen\":\"c\",\"rejected\":\"r\"}\n"
                + pair("f", "g", "h"));
    Rows<PreferencePair> rows = Preferences.read(file, LENIENT);
    assertEquals(List.of(1L, 7L), rows.rows().stream().map(Row::number).toList());
    assertEquals(
        Map.of(
            "must be valid JSON", 1L,
            "chosen and rejected must differ", 2L,
            "chosen must be given", 1L,
            "prompt[].role must be a text", 1L),
        rows.dropped().rules());
    assertEquals(5, rows.dropped().rows());
    assertEquals(
        List.of(2L, 3L, 4L, 5L, 6L),
        rows.dropped().first().stream().map(DataException::row).toList());
    assertTrue(
        rows.dropped().toString().contains("2 of \"chosen and rejected must differ\""),
        rows.dropped().toString());
  }

  @Test
  void onlyTheFirstDroppedRowsAreTold() throws IOException {
    Path file = file("x\n".repeat(100) + "{\"prompt\":\"p\"}");
    Dropped dropped = Prompts.read(file, LENIENT).dropped();
    assertEquals(100, dropped.rows());
    assertEquals(Dropped.EXAMPLES, dropped.first().size());
  }

  @Test
  void aFileWithoutAUsableRowIsRefusedWithTheCounts() throws IOException {
    Refusals.assertNames(
        DataException.class,
        () -> Prompts.read(file("x\n{}\n"), LENIENT),
        "rows.jsonl",
        "all were dropped",
        "1 of \"prompt must be given\"");
  }

  /** The lines after a line of bad UTF-8 or one that is too long are read. */
  @Test
  void aLineThatCannotBeDecodedIsDroppedAlone() throws IOException {
    Path file = folder.resolve("long.jsonl");
    byte[] block = new byte[1 << 20];
    Arrays.fill(block, (byte) 'x');
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i <= LineReader.MAX_LINE_BYTES / block.length; i++) {
        out.write(block);
      }
      out.write("\n{\"prompt\":\"".getBytes(StandardCharsets.UTF_8));
      out.write(0xFF);
      out.write("\"}\n{\"prompt\":\"p\"}".getBytes(StandardCharsets.UTF_8));
    }
    Rows<Prompt> rows = Prompts.read(file, LENIENT);
    assertEquals(List.of(new Row<Prompt>(3, null, new TextPrompt("p"))), rows.rows());
    assertEquals(
        Map.of("must hold at most 100000000 bytes", 1L, "must be UTF-8", 1L),
        rows.dropped().rules());
  }

  /** Not a fault of a row: what follows is lost, so it is no row to drop. */
  @Test
  void gzipThatIsCutOffIsRefusedAlsoWhereBadRowsAreDropped() throws IOException {
    Path whole = folder.resolve("rows.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
      out.write("{\"prompt\":\"p\"}\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2));
    Refusals.assertNames(
        DataException.class, () -> Prompts.read(whole, LENIENT), "rows.jsonl.gz", "cannot be read");
  }

  @Test
  void aDroppedRowDoesNotTakeAnId() throws IOException {
    Path file = file("{\"id\":1}\n{\"id\":1,\"prompt\":\"p\"}\n{\"id\":1,\"prompt\":\"q\"}\n");
    Rows<Prompt> rows = Prompts.read(file, LENIENT);
    assertEquals(List.of(new TextPrompt("p")), rows.values());
    assertEquals(
        Map.of("prompt must be given", 1L, "id must be unique", 1L), rows.dropped().rules());
  }

  @Test
  void duplicatesAreKeptUnlessTheyAreToBeDropped() throws IOException {
    Path file =
        file(
            pair("a", "b", "c")
                + "{\"id\":\"x\",\"chosen\":\"b\",\"prompt\":\"a\",\"rejected\":\"c\"}\n"
                + pair("a", "c", "b")
                + "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\",\"probability\":0.5}\n");
    assertEquals(4, Preferences.read(file).size());
    Rows<PreferencePair> rows =
        Preferences.read(file, ReadOptions.DEFAULT.withDropDuplicates(true));
    assertEquals(List.of(1L, 3L, 4L), rows.rows().stream().map(Row::number).toList());
    assertEquals(Map.of("must be new", 1L), rows.dropped().rules());
    assertTrue(
        String.valueOf(rows.dropped().first().get(0).getMessage())
            .endsWith("row 2: must be new, but is row 1"));
  }

  @Test
  void rowsComeOneByOne() throws IOException {
    Path file = file("{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n{}\n");
    try (RowReader<Prompt> reader = Prompts.open(file, ReadOptions.DEFAULT)) {
      assertEquals(new Row<Prompt>(1, null, new TextPrompt("a")), reader.next());
      assertEquals(new Row<Prompt>(2, null, new TextPrompt("b")), reader.next());
      assertThrows(DataException.class, reader::next);
      assertNull(reader.next());
    }
    try (RowReader<Prompt> reader = Prompts.open(file, LENIENT)) {
      assertEquals(2, reader.stream().count());
      assertEquals(1, reader.dropped().rows());
    }
    try (RowReader<Prompt> reader = Prompts.open(file, ReadOptions.DEFAULT)) {
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> reader.stream().toList());
      assertTrue(String.valueOf(e.getMessage()).contains("row 3"));
    }
  }

  /** 60 MB of text are read in the memory of a few lines. */
  @Test
  void aLargeFileIsNotHeld() throws IOException {
    Path file = folder.resolve("large.jsonl.gz");
    byte[] row =
        ("{\"prompt\":\"" + "x".repeat(1 << 20) + "\"}\n").getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < 60; i++) {
        out.write(row);
      }
    }
    long most = 0;
    int rows = 0;
    Runtime runtime = Runtime.getRuntime();
    try (RowReader<Prompt> reader = Prompts.open(file, ReadOptions.DEFAULT)) {
      while (reader.next() != null) {
        rows++;
        if (rows % 20 == 0) {
          System.gc();
          most = Math.max(most, runtime.totalMemory() - runtime.freeMemory());
        }
      }
    }
    assertEquals(60, rows);
    long held = most;
    System.gc();
    assertTrue(held - (runtime.totalMemory() - runtime.freeMemory()) < 30L << 20, "held " + held);
  }

  @Test
  void optionsAreChecked() {
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> ReadOptions.DEFAULT.withPromptField(" "),
        "promptField");
  }
}
