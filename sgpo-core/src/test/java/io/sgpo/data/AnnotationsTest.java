package io.sgpo.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Response.Finish;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationsTest {

  private static final List<AnnotatedPair> PAIRS =
      List.of(
          new AnnotatedPair(
              1,
              new PreferencePair(
                  Conversation.user("u"),
                  new Response("yes", Tokens.of(3, 2), Finish.STOP),
                  new Response("no", Tokens.of(4, 5), Finish.LENGTH)),
              0.1 + 0.2),
          new AnnotatedPair(
              2,
              new PreferencePair(
                  new TextPrompt("a half \uD83D of a pair, \"quoted\"\u2028"),
                  Response.of("\uDE00"),
                  Response.of("😀"),
                  0.7),
              Double.MIN_VALUE),
          new AnnotatedPair(
              3,
              new PreferencePair(
                  TokenPrompt.of(1),
                  Response.ofTokens(Tokens.of(2)),
                  Response.ofTokens(Tokens.of(3))),
              -1));

  @Test
  void whatIsWrittenIsReadBack(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("round-1.jsonl.gz");
    Annotations.write(file, PAIRS);
    assertEquals(PAIRS, Annotations.read(file));
  }

  @Test
  void aLineIsARowOfPreferences(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("rows.jsonl");
    Files.write(file, PAIRS.stream().map(Annotations::toLine).toList());
    assertEquals(PAIRS.stream().map(AnnotatedPair::pair).toList(), Preferences.read(file));
    assertEquals(PAIRS, Annotations.read(file));
    assertEquals(
        "{\"prompt\":[{\"role\":\"user\",\"content\":\"u\"}],"
            + "\"chosen\":[{\"role\":\"assistant\",\"content\":\"yes\"}],\"chosen_ids\":[3,2],"
            + "\"chosen_finish\":\"stop\","
            + "\"rejected\":[{\"role\":\"assistant\",\"content\":\"no\"}],\"rejected_ids\":[4,5],"
            + "\"rejected_finish\":\"length\",\"round\":1,\"margin\":0.30000000000000004}",
        Annotations.toLine(PAIRS.get(0)));
  }

  @Test
  void malformedFields(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("rows.jsonl");
    String pair = "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\"";
    Files.writeString(file, pair + ",\"margin\":1}");
    Refusals.assertNames(DataException.class, () -> Annotations.read(file), "row 1", "round");
    Files.writeString(file, pair + ",\"margin\":\"1\",\"round\":1}");
    Refusals.assertNames(DataException.class, () -> Annotations.read(file), "row 1", "margin");
    Files.writeString(file, pair + ",\"margin\":1,\"round\":1.5}");
    Refusals.assertNames(DataException.class, () -> Annotations.read(file), "round", "1.5");
  }
}
