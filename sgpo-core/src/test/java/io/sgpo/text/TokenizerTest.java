package io.sgpo.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.data.Preferences;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.preference.PreferencePair;
import io.sgpo.testing.Refusals;
import io.sgpo.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {

  private static final String STORIES = "models/stories260K";

  private static Tokenizer small(Path folder) throws IOException {
    return Tokenizer.load(TestTokenizers.write(folder, TestTokenizers.CHATML, List.of(2)));
  }

  /** Ids of the C program of llama2.c, from golden.json. */
  @Test
  void storiesAreTokenisedAsByTheCProgram() throws IOException {
    Path golden = SharedFiles.require("golden/stories260K/golden.json");
    JsonNode cases = new ObjectMapper().readTree(golden.toFile()).get("tokenization");
    try (Renderer renderer = Renderer.load(SharedFiles.require(STORIES))) {
      assertTrue(cases.size() > 5);
      for (JsonNode one : cases) {
        List<Integer> expected =
            IntStream.range(0, one.get("ids_with_bos").size())
                .mapToObj(i -> one.get("ids_with_bos").get(i).asInt())
                .toList();
        String text = one.get("text").asText();
        Tokens ids = renderer.prompt(new TextPrompt(text));
        assertEquals(expected, ids.stream().boxed().toList(), text);
      }
    }
  }

  @Test
  void storiesDecodeAndKeepTheirSpaces() throws IOException {
    try (Renderer renderer = Renderer.load(SharedFiles.require(STORIES))) {
      Tokens prompt = renderer.prompt(new TextPrompt("Once upon"));
      Tokens response =
          renderer
              .exchange(new Exchange(new TextPrompt("Once upon"), Response.of(" a time 😀")))
              .response();
      assertEquals(" a time 😀", renderer.text(prompt, response));
      RenderedExchange chat =
          renderer.exchange(new Exchange(Conversation.user("</s>Hi"), Response.of("Ho <s>")));
      assertEquals(2, chat.response().get(chat.response().size() - 1));
      assertEquals(1, chat.response().stream().filter(id -> id <= 2).count());
      assertEquals(1, chat.prompt().stream().filter(id -> id <= 2).count());
      assertEquals(1, chat.prompt().get(0));
    }
  }

  /** The prompt's tokens are the beginning of the whole for every pair of a real data set. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "chatml"})
  void realConversationsKeepTheirPrompts(String template) throws IOException {
    List<PreferencePair> pairs =
        Preferences.read(SharedFiles.require("data/hh-harmless/valid.jsonl"));
    ChatTemplate chosen =
        template.equals("plain")
            ? ChatTemplate.plain()
            : ChatTemplate.parse(TestTokenizers.CHATML, Map.of(), Clock.systemUTC());
    try (Renderer renderer = Renderer.of(Tokenizer.load(SharedFiles.require(STORIES)), chosen)) {
      for (PreferencePair pair : pairs) {
        RenderedExchange better = renderer.exchange(pair.chosenExchange());
        RenderedExchange worse = renderer.exchange(pair.rejectedExchange());
        assertEquals(better.prompt(), worse.prompt());
        assertEquals(renderer.prompt(pair.prompt()), better.prompt());
        String text = renderer.text(better.prompt(), better.response());
        assertTrue(text.strip().startsWith(pair.chosen().text().strip()), text);
      }
    }
  }

  @Test
  void storiesTokeniseEquallyWithRenamedSpecialTokens() throws IOException {
    try (Tokenizer tokenizer = Tokenizer.load(SharedFiles.require(STORIES))) {
      for (String text : List.of("Once upon a time", "<s> Hi</s>\n", " é <s>", "a<s>b</s> c")) {
        assertEquals(
            tokenizer.encode(text),
            tokenizer.encodeWithStandIns(tokenizer.specials().replaceByStandIns(text)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000", "\uFEFFx", "a\u0000b", "😀 naïve 你好", "\t\r\n "})
  void everyTextSurvives(String text, @TempDir Path folder) throws IOException {
    try (Tokenizer tokenizer = small(folder)) {
      assertEquals(text, tokenizer.decode(tokenizer.encode(text), false));
    }
  }

  @Test
  void longTextIsNotTruncated(@TempDir Path folder) throws IOException {
    try (Tokenizer tokenizer = small(folder)) {
      assertEquals(5000, tokenizer.encode("the".repeat(5000)).size());
    }
  }

  @Test
  void unpairedSurrogateIsRefusedWithItsPosition(@TempDir Path folder) throws IOException {
    try (Tokenizer tokenizer = small(folder)) {
      for (String text : List.of("ab\uD83D", "ab\uDE00c", "ab\uD83D\uD83D\uDE00")) {
        Refusals.assertNames(
            RenderingException.class, () -> tokenizer.encode(text), "character 2", "U+D");
      }
    }
  }

  @Test
  void bytesOfACharacterAreHeldBackUntilItIsWhole(@TempDir Path folder) throws IOException {
    try (Tokenizer tokenizer = small(folder)) {
      Tokens ids = tokenizer.encode("a😀b");
      assertEquals(6, ids.size());
      StreamingDecoder decoder = new StreamingDecoder(tokenizer, Tokens.EMPTY);
      List<String> pieces = ids.stream().mapToObj(decoder::append).toList();
      assertEquals(List.of("a", "", "", "", "😀", "b"), pieces);
      assertEquals("", decoder.finish());
      decoder.append(ids.get(1));
      assertEquals("\uFFFD", decoder.finish());
    }
  }

  @Test
  void malformedFilesAreRefused(@TempDir Path folder) throws IOException {
    Refusals.assertNames(
        CheckpointException.class, () -> Tokenizer.load(folder), "tokenizer.json", "missing");
    Path file = folder.resolve("tokenizer.json");
    for (String json : List.of("{", "[]", "{}", "{\"model\":{\"type\":\"BPE\"}}")) {
      Files.writeString(file, json);
      Refusals.assertNames(
          CheckpointException.class, () -> Tokenizer.load(folder), "tokenizer.json");
    }
    small(folder).close();
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[1,-2]}");
    Refusals.assertNames(
        CheckpointException.class, () -> Tokenizer.load(folder), "eos_token_id", "-2");
  }

  @Test
  void malformedTemplateIsRefusedByFile(@TempDir Path folder) throws IOException {
    TestTokenizers.write(folder, "{% for %}", List.of(2));
    Refusals.assertNames(
        CheckpointException.class, () -> Renderer.load(folder), "tokenizer_config.json", "line 1");
    Files.writeString(folder.resolve("chat_template.jinja"), "{% include 'x' %}");
    Refusals.assertNames(
        CheckpointException.class, () -> Renderer.load(folder), "chat_template.jinja", "include");
  }
}
