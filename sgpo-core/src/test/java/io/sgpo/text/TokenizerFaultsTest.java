package io.sgpo.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers and templates that are malformed, incomplete or odd. */
class TokenizerFaultsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  TokenizerFaultsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void write() throws IOException {
    TestTokenizers.write(folder, TestTokenizers.CHATML, List.of(TestTokenizers.EOS));
  }

  private void change(String file, Consumer<ObjectNode> change) throws IOException {
    Path path = folder.resolve(file);
    ObjectNode root = (ObjectNode) JSON.readTree(path.toFile());
    change.accept(root);
    JSON.writeValue(path.toFile(), root);
  }

  private void refused(String... named) {
    Refusals.assertNames(CheckpointException.class, () -> Renderer.load(folder).close(), named);
  }

  private static Exchange exchange(Prompt prompt) {
    return new Exchange(prompt, Response.of(" yes"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "generation_config.json",
        "config.json"
      })
  void aFileThatIsNoJsonObject(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!name.equals("tokenizer.json")) {
      Files.deleteIfExists(folder.resolve("generation_config.json"));
    }
    for (String text : List.of("", "[]", "{", "{\"a\":1,\"a\":2}", "{} x", "\uFEFF{}")) {
      Files.writeString(file, text);
      refused(name, text.isEmpty() || text.equals("[]") ? "object" : "JSON");
    }
    Files.writeString(file, "{\"a\":".repeat(100_000));
    refused(name, "nesting depth");
    Files.write(file, "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
    refused(name, "UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "\"3\"", "3000000000", "null"})
  void theIdOfASpecialToken(String id) throws IOException {
    JsonNode value = JSON.readTree(id);
    change(
        "tokenizer.json",
        root -> ((ObjectNode) root.withArray("added_tokens").get(3)).set("id", value));
    refused("tokenizer.json");
  }

  /** The renderer of a folder whose configuration names no special token. */
  private Renderer unnamed() throws IOException {
    change("tokenizer_config.json", root -> root.remove(List.of("bos_token", "eos_token")));
    Files.delete(folder.resolve("generation_config.json"));
    return Renderer.load(folder);
  }

  @Test
  void neitherBeginningNorEndNorPadding() throws IOException {
    try (Renderer renderer = unnamed()) {
      assertEquals(SpecialIds.NONE, renderer.specialIds());
      Tokenizer tokenizer = renderer.tokenizer().orElseThrow();
      assertFalse(tokenizer.addsBos());
      assertEquals(tokenizer.encode("the"), renderer.prompt(new TextPrompt("the")));
      Refusals.assertNames(
          RenderingException.class,
          () -> renderer.exchange(exchange(new TextPrompt("the"))),
          "end of sequence");
    }
  }

  @Test
  void paddingThatIsTheEndIsStillAnEnd() throws IOException {
    Tokens expected;
    try (Renderer renderer = Renderer.load(folder)) {
      expected = renderer.exchange(exchange(new TextPrompt("the"))).all();
    }
    change("tokenizer_config.json", root -> root.put("pad_token", "</s>"));
    change("generation_config.json", root -> root.put("pad_token_id", TestTokenizers.EOS));
    try (Renderer renderer = Renderer.load(folder)) {
      assertEquals(expected, renderer.exchange(exchange(new TextPrompt("the"))).all());
      assertEquals(TestTokenizers.EOS, expected.get(expected.size() - 1));
      assertEquals(
          Map.of("pad_token", "</s>", "bos_token", "<s>", "eos_token", "</s>"),
          renderer.tokenizer().orElseThrow().namedTokens());
    }
  }

  /** Then the response is what the template writes after the prompt, role and all. */
  @Test
  void aTemplateWithoutGenerationPrompt() throws IOException {
    String template = TestTokenizers.CHATML.substring(0, TestTokenizers.CHATML.indexOf("{% if"));
    change("tokenizer_config.json", root -> root.put("chat_template", template));
    try (Renderer renderer = Renderer.load(folder)) {
      RenderedExchange rendered = renderer.exchange(exchange(Conversation.user("a")));
      Tokenizer tokenizer = renderer.tokenizer().orElseThrow();
      assertEquals("<|im_start|>user\na<|im_end|>\n", tokenizer.decode(rendered.prompt(), false));
      assertEquals(
          "<|im_start|>assistant\n yes<|im_end|>\n</s>",
          tokenizer.decode(rendered.response(), false));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7                                       | NUMBER
          {}                                      | default
          []                                      | default
          [{"name": "rag", "template": "x"}]      | default
          [{"name": "default", "template": 7}]    | default
          '"{% for m in messages %}"'             | line 1
          '"{% include x %}"'                     | include
          """)
  void aTemplateThatCannotBe(String template, String named) throws IOException {
    JsonNode value = JSON.readTree(template);
    change("tokenizer_config.json", root -> root.set("chat_template", value));
    refused("tokenizer_config.json", "chat", named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 999999999999 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ raise_exception('roles must alternate') }}",
        "{{ messages[7].content.x }}"
      })
  void aTemplateThatLoopsOrRaises(String template) throws IOException {
    change("tokenizer_config.json", root -> root.put("chat_template", template));
    try (Renderer renderer = Renderer.load(folder)) {
      Refusals.assertNames(
          RenderingException.class,
          () -> renderer.prompt(Conversation.user("a")),
          "chat template cannot render");
    }
  }
}
