package io.sgpo.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Templates of public model families against renderings by Jinja2 3.1 (renderings.json there). */
class ChatTemplateGoldenTest {

  private static final Clock CLOCK =
      Clock.fixed(LocalDateTime.of(2026, 1, 2, 3, 4, 5).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);

  @TestFactory
  Stream<DynamicTest> everyRenderingIsEqualToTheByte() throws IOException {
    Path folder = SharedFiles.require("golden/templates");
    JsonNode cases =
        new ObjectMapper().readTree(folder.resolve("renderings.json").toFile()).get("cases");
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode one : cases) {
      String name =
          String.join(
              " ",
              one.get("template").asText(),
              one.get("conversation").asText(),
              one.get("add_generation_prompt").asText());
      Path template = folder.resolve(one.get("template").asText());
      tests.add(DynamicTest.dynamicTest(name, () -> check(Files.readString(template), one)));
    }
    return tests.stream();
  }

  private static void check(String source, JsonNode one) {
    ChatTemplate template =
        ChatTemplate.parse(source, Map.of("bos_token", "<s>", "eos_token", "</s>"), CLOCK);
    List<Map<String, Object>> turns = new ArrayList<>();
    for (JsonNode message : one.get("messages")) {
      turns.add(
          Map.of("role", message.get("role").asText(), "content", message.get("content").asText()));
    }
    boolean generationPrompt = one.get("add_generation_prompt").asBoolean();
    if (one.has("refused")) {
      RenderingException e =
          assertThrows(
              RenderingException.class, () -> template.renderTurns(turns, generationPrompt));
      assertTrue(
          String.valueOf(e.getMessage()).contains(one.get("refused").asText()), e::getMessage);
    } else {
      assertEquals(one.get("rendered").asText(), template.renderTurns(turns, generationPrompt));
    }
  }
}
