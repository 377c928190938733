package io.sgpo.checkpoint;

import static io.sgpo.checkpoint.SafetensorsFiles.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.testing.Refusals;
import io.sgpo.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelWeightsTest {

  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  private final Path folder;

  ModelWeightsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private void shard(String file, String... names) throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < names.length; i++) {
      header.append(i == 0 ? "" : ",");
      header.append(entry(names[i], "F32", "[1]", "[" + 4 * i + "," + 4 * (i + 1) + "]"));
    }
    SafetensorsFiles.write(folder.resolve(file), header.append("}").toString(), 4 * names.length);
  }

  private void index(String weightMap) throws IOException {
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":8},\"weight_map\":" + weightMap + "}");
  }

  private String refusal() {
    return Refusals.message(CheckpointException.class, () -> ModelWeights.open(folder));
  }

  private static void assertContains(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void shardsAreReadByName() throws IOException {
    shard(FIRST, "a");
    shard(SECOND, "b");
    index("{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\"}");
    try (ModelWeights weights = ModelWeights.open(folder)) {
      assertEquals(Set.of("a", "b"), weights.names());
      assertEquals(List.of(1L), weights.info("b").shape());
      float[] values = {5};
      weights.readFloats("b", 0, values, 0, 1);
      assertArrayEquals(new float[] {0}, values);
      weights.requireFinite("a");
      Refusals.assertNames(CheckpointException.class, () -> weights.info("c"), "\"c\"");
    }
  }

  @Test
  void missingShard() throws IOException {
    shard(FIRST, "a");
    index("{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\"}");
    assertContains(refusal(), SECOND, "missing");
  }

  @Test
  void superfluousShard() throws IOException {
    shard(FIRST, "a");
    shard(SECOND, "b");
    index("{\"a\":\"" + FIRST + "\"}");
    assertContains(refusal(), SECOND, "weight_map");
  }

  @Test
  void tensorInTwoShards() throws IOException {
    shard(FIRST, "a");
    shard(SECOND, "a", "b");
    index("{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\"}");
    assertContains(refusal(), "\"a\"", "one shard", FIRST, SECOND);
  }

  @Test
  void tensorThatItsShardLacks() throws IOException {
    shard(FIRST, "a");
    index("{\"a\":\"" + FIRST + "\",\"b\":\"" + FIRST + "\"}");
    assertContains(refusal(), "\"b\"", FIRST, "missing");
  }

  @Test
  void tensorThatTheIndexLacks() throws IOException {
    shard(FIRST, "a", "b");
    index("{\"a\":\"" + FIRST + "\"}");
    assertContains(refusal(), "\"b\"", "weight_map");
  }

  @Test
  void tensorTwiceInTheIndex() throws IOException {
    shard(FIRST, "a");
    index("{\"a\":\"" + FIRST + "\",\"a\":\"" + FIRST + "\"}");
    assertContains(refusal(), "Duplicate field 'a'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x.safetensors",
        "/x.safetensors",
        "sub/x.safetensors",
        "..\\\\x.safetensors",
        ".hidden.safetensors",
        "x.bin",
        ""
      })
  void shardElsewhereIsRefused(String shard) throws IOException {
    index("{\"a\":\"" + shard + "\"}");
    assertContains(refusal(), "\"a\"", "plain name", shard.replace("\\\\", "\\"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "7", "{}", "[\"a\"]", "{\"a\":1}", "\"x\""})
  void malformedIndexIsRefused(String weightMap) throws IOException {
    index(weightMap);
    assertContains(refusal(), "model.safetensors.index.json");
  }

  @Test
  void noWeights() {
    assertContains(refusal(), "holds neither", folder.toString());
  }

  @Test
  void twoKindsOfWeights() throws IOException {
    shard("model.safetensors", "a");
    index("{\"a\":\"model.safetensors\"}");
    assertContains(refusal(), "holds both");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-untied-gqa",
        "llama-tied-sharded",
        "llama3-rope-bf16",
        "llama-linear-rope-bias",
        "mistral-sliding",
        "qwen2-tied-f16",
        "qwen3-headdim",
        "gemma2",
        "gpt2"
      })
  void foldersWrittenByHuggingFaceAreRead(String model) throws IOException {
    try (ModelWeights weights = ModelWeights.open(SharedFiles.require("golden/models/" + model))) {
      assertTrue(weights.names().size() > 10);
      for (String name : weights.names()) {
        weights.requireFinite(name);
      }
    }
  }

  /** Weights drawn with standard deviation 0.3 (embeddings), in F32, BF16 and F16 alike. */
  @ParameterizedTest
  @ValueSource(strings = {"llama-tied-sharded", "llama3-rope-bf16", "qwen2-tied-f16"})
  void widenedWeightsHaveTheirSpread(String model) throws IOException {
    try (ModelWeights weights = ModelWeights.open(SharedFiles.require("golden/models/" + model))) {
      String name = "model.embed_tokens.weight";
      float[] values = new float[(int) weights.info(name).elements()];
      weights.readFloats(name, 0, values, 0, values.length);
      double squares = 0;
      for (float value : values) {
        squares += (double) value * value;
      }
      assertEquals(0.3, Math.sqrt(squares / values.length), 0.02);
    }
  }
}
