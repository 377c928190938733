package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands on a real model, against {@code golden/stories260K} of the shared folder; skipped
 * where that folder is not beside the project.
 */
final class Stories260KCommandsTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private String model = "";
  private JsonNode golden = MAPPER.createObjectNode();

  @BeforeEach
  void findTheModel() throws IOException {
    Path shared = shared();
    assumeTrue(shared != null, "no folder shared/golden beside the project");
    if (shared != null) {
      model = shared.resolve("models/stories260K").toString();
      golden = MAPPER.readTree(shared.resolve("golden/stories260K/golden.json").toFile());
    }
  }

  @Test
  void continuesTextGreedily() throws IOException {
    for (JsonNode story : golden.get("greedy")) {
      Path file = rows(MAPPER.createObjectNode().put("prompt", story.get("prompt").asText()));
      int length = Math.min(64, story.get("continuation").size());
      JsonNode row =
          sgpo(
                  "generate",
                  "--model",
                  model,
                  "--temperature=0",
                  "--ignore-eos",
                  "--max-new-tokens=" + length,
                  file.toString())
              .object();
      for (int i = 0; i < length; i++) {
        assertEquals(story.get("continuation").get(i), row.get("ids").get(i), "token " + i);
      }
    }
  }

  @Test
  void scoresTokensAsTheReferenceDoes() throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode text : golden.get("scoring")) {
      ObjectNode row = MAPPER.createObjectNode();
      ArrayNode ids = (ArrayNode) text.get("ids_with_bos");
      row.putArray("prompt_ids").add(ids.get(0));
      ArrayNode response = row.putArray("response_ids");
      for (int i = 1; i < ids.size(); i++) {
        response.add(ids.get(i));
      }
      rows.add(row);
    }
    Path file = rows(rows.toArray(ObjectNode[]::new));
    List<JsonNode> scored = sgpo("score", "--model", model, file.toString()).rows();
    for (int i = 0; i < scored.size(); i++) {
      JsonNode expected = golden.get("scoring").get(i).get("token_logprobs");
      JsonNode actual = scored.get(i).get("tokenLogProbs");
      assertEquals(expected.size(), actual.size());
      for (int t = 0; t < expected.size(); t++) {
        assertEquals(expected.get(t).asDouble(), actual.get(t).asDouble(), 2e-4);
      }
    }
  }

  private Path rows(ObjectNode... rows) throws IOException {
    Path file = folder.resolve("rows.jsonl");
    List<String> lines = new ArrayList<>();
    for (ObjectNode row : rows) {
      lines.add(row.toString());
    }
    return Files.write(file, lines);
  }

  private static @Nullable Path shared() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("shared/golden"))) {
        return at.resolve("shared");
      }
    }
    return null;
  }
}
