package io.sgpo.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.preference.PreferencePair;
import io.sgpo.testing.SharedFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {

  private static final PreferencePair SKY =
      PreferencePair.of(Conversation.user("What color is the sky?"), "It is blue.", "It is green.");

  private static Path file(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), text);
  }

  private static String user(String content) {
    return "{\"role\":\"user\",\"content\":\"" + content + "\"}";
  }

  private static String assistant(String content) {
    return "{\"role\":\"assistant\",\"content\":\"" + content + "\"}";
  }

  /** The four forms of the dataset formats page of TRL, and their common mixtures. */
  @Test
  void formsOfTrl(@TempDir Path folder) throws IOException {
    String question = user("What color is the sky?");
    String blue = assistant("It is blue.");
    String green = assistant("It is green.");
    String explicit = "{\"prompt\":[%s],\"chosen\":[%s],\"rejected\":[%s]}\n";
    String implicit = "{\"chosen\":[%s,%s],\"rejected\":[%s,%s]}\n";
    String rows =
        explicit.formatted(question, blue, green)
            + implicit.formatted(question, blue, question, green)
            + explicit.formatted(question, question + "," + blue, question + "," + green)
            + "{\"prompt\":[%s],\"chosen\":\"It is blue.\",\"rejected\":\"It is green.\"}\n"
                .formatted(question)
            + "{\"prompt\":\"What color is the sky?\","
            + implicit.formatted(question, blue, question, green).substring(1);
    List<PreferencePair> pairs = Preferences.read(file(folder, rows));
    assertEquals(List.of(SKY, SKY, SKY, SKY, SKY), pairs);
  }

  @Test
  void softLabels(@TempDir Path folder) throws IOException {
    String row = "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"%s}\n";
    String rows =
        row.formatted("")
            + row.formatted(",\"probability\":0.8")
            + row.formatted(",\"probability\":1")
            + row.formatted(",\"probability\":0")
            + row.formatted(",\"probability\":null");
    List<PreferencePair> pairs = Preferences.read(file(folder, rows));
    assertEquals(
        List.of(1.0, 0.8, 1.0, 0.0, 1.0), pairs.stream().map(PreferencePair::probability).toList());
    assertEquals(
        "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\",\"probability\":0.8}",
        Preferences.toLine(pairs.get(1)));
    assertEquals(
        "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}", Preferences.toLine(pairs.get(0)));
  }

  @Test
  void rawTexts(@TempDir Path folder) throws IOException {
    String rows =
        """
        {"prompt":"The sky is","chosen":" blue.","rejected":" green."}
        {"chosen":"The sky is blue.","rejected":"The sky is green."}
        """;
    PreferencePair expected = PreferencePair.of(new TextPrompt("The sky is"), " blue.", " green.");
    assertEquals(List.of(expected, expected), Preferences.read(file(folder, rows)));
  }

  /** Words are not cut in two, a space begins the completion, neither completion is empty. */
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      delimiter = '|',
      value = {
        "The sky is blue|The sky is black|The sky is",
        "Q: a A:yes|Q: a A:no|Q: a A:",
        "Say it|Say it!|Say",
        "catalogue|category|cat",
        "It is|It is so|It",
        "é 😀a|é 😁a|é"
      })
  void implicitPromptOfTexts(String chosen, String rejected, String prompt, @TempDir Path folder)
      throws IOException {
    String row = "{\"chosen\":\"" + chosen + "\",\"rejected\":\"" + rejected + "\"}";
    PreferencePair pair = Preferences.read(file(folder, row)).get(0);
    assertEquals(
        PreferencePair.of(
            new TextPrompt(prompt),
            chosen.substring(prompt.length()),
            rejected.substring(prompt.length())),
        pair);
  }

  @Test
  void lineEndsByteOrderMarkAndMissingLastNewlineAreGood(@TempDir Path folder) throws IOException {
    List<Prompt> prompts =
        Prompts.read(file(folder, "\uFEFF{\"prompt\":\"a\"}\r\n{\"prompt\":\"b\\r\"}"));
    assertEquals(List.of(new TextPrompt("a"), new TextPrompt("b\r")), prompts);
  }

  @Test
  void gzipIsKnownByItsContents(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("rows.jsonl");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("{\"prompt\":\"a\"}".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(List.of(new TextPrompt("a")), Prompts.read(file));
  }

  @Test
  void promptsOfAllKinds(@TempDir Path folder) throws IOException {
    String rows =
        "{\"id\":\"x\",\"instruction\":\"a\"}\n{\"id\":2,\"instruction\":[%s]}\n{\"instruction_ids\":[1,0]}\n"
            .formatted(user("b"));
    List<Row<Prompt>> read = Prompts.readRows(file(folder, rows), "instruction");
    assertEquals(
        List.of(
            new Row<Prompt>(1, "x", new TextPrompt("a")),
            new Row<Prompt>(2, "2", Conversation.user("b")),
            new Row<Prompt>(3, null, TokenPrompt.of(1, 0))),
        read);
  }

  @Test
  void exchangesOfAllKinds(@TempDir Path folder) throws IOException {
    String rows =
        "{\"prompt_ids\":[1],\"response_ids\":[2,3]}\n"
            + "{\"prompt\":\"a\",\"completion\":\" b\"}\n"
            + "{\"prompt\":[%s],\"answer\":\"d\"}\n".formatted(user("c"))
            + "{\"prompt\":[%s],\"response\":[%s]}\n".formatted(user("c"), assistant("d"));
    Exchange chat = new Exchange(Conversation.user("c"), Response.of("d"));
    assertEquals(
        List.of(
            new Exchange(TokenPrompt.of(1), Response.ofTokens(Tokens.of(2, 3))),
            new Exchange(new TextPrompt("a"), Response.of(" b")),
            chat,
            chat),
        Exchanges.read(file(folder, rows)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pairs.jsonl", "pairs.jsonl.gz"})
  void whatIsWrittenIsReadBack(String name, @TempDir Path folder) throws IOException {
    List<PreferencePair> pairs =
        List.of(
            SKY,
            PreferencePair.of(new TextPrompt("a\n\u2028\"😀\u0000"), " b", " c"),
            new PreferencePair(
                TokenPrompt.of(1, 2),
                Response.ofTokens(Tokens.of(3)),
                Response.ofTokens(Tokens.of(4, 5))),
            new PreferencePair(
                Conversation.of(Message.system("s"), Message.user("u")),
                new Response("x", Tokens.of(7, 2), Response.Finish.GIVEN),
                Response.of("y")));
    Path file = folder.resolve(name);
    Preferences.write(file, List.of(SKY));
    Preferences.write(file, pairs);
    assertEquals(pairs, Preferences.read(file));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  /** Of all code points, halves of surrogate pairs among them. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Integer> all = Arbitraries.integers().between(0, Character.MAX_CODE_POINT);
    Arbitrary<Integer> halves =
        Arbitraries.integers().between(Character.MIN_SURROGATE, Character.MAX_SURROGATE);
    return Arbitraries.frequencyOf(Tuple.of(9, all), Tuple.of(1, halves))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60)
        .map(points -> points.stream().map(Character::toString).collect(Collectors.joining()));
  }

  @Property(tries = 200)
  void anyTextIsReadBack(
      @ForAll("texts") String prompt, @ForAll("texts") String chosen, @ForAll @Size(3) int[] ids)
      throws IOException {
    Path file = Files.createTempFile("pairs", ".jsonl");
    try {
      Response rejected =
          Response.ofTokens(
              Tokens.of(ids[0] & 0xFFFF, ids[1] & 0xFFFF, ids[2] & Integer.MAX_VALUE));
      List<PreferencePair> pairs =
          List.of(new PreferencePair(Conversation.user(prompt), Response.of(chosen), rejected));
      Preferences.write(file, pairs);
      assertEquals(pairs, Preferences.read(file));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void harmlessnessPairsAreReadFully() throws IOException {
    List<Row<PreferencePair>> rows =
        Preferences.readRows(SharedFiles.require("data/hh-harmless/train.jsonl"), "prompt");
    assertEquals(1808, rows.size());
    assertEquals(200, Preferences.read(SharedFiles.require("data/hh-harmless/valid.jsonl")).size());
    for (Row<PreferencePair> row : rows) {
      assertNotNull(row.id());
      assertTrue(row.value().prompt() instanceof Conversation);
    }
  }

  @Test
  void alpacaPairsAreReadFully() throws IOException {
    Path file = SharedFiles.require("data/alpaca-eval/pairs-one-per-instruction.jsonl.gz");
    assertEquals(805, Preferences.read(file).size());
    Path instructions = SharedFiles.require("data/alpaca-eval/instructions.jsonl.gz");
    assertEquals(805, Prompts.read(instructions, "instruction").size());
  }
}
