package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.checkpoint.Dtype;
import io.sgpo.checkpoint.ModelWeights;
import io.sgpo.checkpoint.SafetensorsWriter;
import io.sgpo.checkpoint.TensorInfo;
import io.sgpo.checkpoint.TensorSource;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Model folders that cannot be loaded, and what the refusal names. */
class FolderFaultsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void bothStylesOfConfigurationAreTheSame(String name) throws IOException {
    ModelConfig old = ConfigReader.read(GoldenModel.folder(name));
    Path file = GoldenModel.folder(name).resolve("config.transformers5.json");
    assertEquals(old, ConfigReader.read(ConfigFile.read(file)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model_type              | "gptj"   | llama, mistral, qwen2, qwen3
          hidden_act              | "gelu"   | silu
          vocab_size              | null     | is missing
          vocab_size              | 0        | was 0
          hidden_size             | -32      | was -32
          hidden_size             | 1e300    | 32 bits
          num_hidden_layers       | 1000000  | was 1000000
          num_hidden_layers       | "3"      | "3"
          num_attention_heads     | 5        | 5 and 2
          num_key_value_heads     | 8        | 4 and 8
          head_dim                | 7        | was 7
          rms_norm_eps            | 0        | was 0
          rms_norm_eps            | 1e999    | Infinity
          max_position_embeddings | 0        | was 0
          tie_word_embeddings     | 1        | was 1
          rope_theta              | -1       | was -1
          eos_token_id            | 261      | 261
          eos_token_id            | [1, -1]  | -1
          rope_scaling            | {"rope_type": "ntk", "factor": 2} | ntk
          rope_scaling            | {"rope_type": "linear", "factor": 0.5} | 0.5
          rope_scaling            | {"rope_type": "linear"} | factor
          rope_scaling            | 3        | must be an object
          """)
  void aFieldOfTheConfiguration(String field, String value, String named) throws IOException {
    Path folder = folder(config -> {});
    ObjectNode config =
        (ObjectNode) ConfigFile.JSON.readTree(folder.resolve("config.json").toFile());
    config.set(field, ConfigFile.JSON.readTree(value));
    write(folder, config);
    refused(folder, "config.json", field.equals("rope_scaling") ? "" : field, named);
  }

  @Test
  void aConfigurationThatIsNoObject() throws IOException {
    Path folder = folder(config -> {});
    for (String text : List.of("", "[]", "{\"a\":1,\"a\":2}", "{", "nul", "{} x")) {
      Files.writeString(folder.resolve("config.json"), text);
      refused(folder, "config.json");
    }
    Files.delete(folder.resolve("config.json"));
    refused(folder, "config.json", "missing");
  }

  @Test
  void tensorsThatAreMissingRenamedMisshapenOrSuperfluous() throws IOException {
    refused(
        weights(tensor -> tensor.name().equals("model.norm.weight") ? null : tensor),
        "model.norm.weight",
        "missing");
    refused(
        weights(tensor -> tensor.name().equals("lm_head.weight") ? null : tensor),
        "lm_head.weight",
        "missing",
        "tie_word_embeddings");
    refused(
        weights(
            tensor ->
                tensor.name().contains("layers.1.mlp.up_proj")
                    ? copy("model.layers.1.mlp.up.weight", tensor.shape())
                    : tensor),
        "model.layers.1.mlp.up_proj.weight",
        "missing");
    refused(
        weights(
            tensor ->
                tensor.name().equals("model.embed_tokens.weight")
                    ? copy(tensor.name(), List.of(260L, 32L))
                    : tensor),
        "model.embed_tokens.weight",
        "[261, 32]",
        "vocab_size",
        "[260, 32]");
    refused(
        folder(config -> config.put("num_hidden_layers", 2)),
        "model.layers.2.input_layernorm.weight",
        "not a tensor");
  }

  @Test
  void textAfterTheConfiguration() throws IOException {
    Path folder = folder(config -> {});
    Path file = folder.resolve("config.json");
    Files.writeString(file, Files.readString(file) + " x");
    refused(folder, "config.json", "JSON");
  }

  @Test
  void aHeadThatDiffersFromTheEmbeddingItIsTiedTo() throws IOException {
    Path folder = folder(config -> config.put("tie_word_embeddings", true));
    refused(folder, "lm_head.weight", "model.embed_tokens.weight", "tie_word_embeddings", "0");
  }

  @Test
  void aHeadThatEqualsTheEmbeddingIsNoFault() throws IOException {
    Path folder = weights(tensor -> tensor);
    ObjectNode config =
        (ObjectNode) ConfigFile.JSON.readTree(folder.resolve("config.json").toFile());
    write(folder, config.put("tie_word_embeddings", true));
    try (CausalLm model = CausalLm.load(folder, GoldenModel.OPTIONS)) {
      assertEquals(true, model.config().tied());
    }
  }

  @Test
  void aWeightThatIsNoNumber() throws IOException {
    Path folder = folder(config -> {});
    Path file = folder.resolve("model.safetensors");
    TensorInfo info;
    try (ModelWeights weights = ModelWeights.open(folder)) {
      info = weights.info("model.layers.0.mlp.up_proj.weight");
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(length, 0);
      ByteBuffer nan = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(Float.NaN);
      channel.write(nan.flip(), 8 + length.getLong(0) + info.begin() + 12);
    }
    refused(folder, "model.layers.0.mlp.up_proj.weight", "element 3", "NaN");
  }

  private static void refused(Path folder, String... named) {
    Refusals.assertNames(
        CheckpointException.class, () -> CausalLm.load(folder, GoldenModel.OPTIONS).close(), named);
  }

  /** A copy of the small model with a changed configuration. */
  private Path folder(Consumer<ObjectNode> change) throws IOException {
    Path folder = Files.createTempDirectory(directory, "model");
    Path source = GoldenModel.folder(GoldenModel.SMALL);
    Files.copy(source.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    ObjectNode config =
        (ObjectNode) ConfigFile.JSON.readTree(source.resolve("config.json").toFile());
    change.accept(config);
    write(folder, config);
    return folder;
  }

  private static void write(Path folder, ObjectNode config) throws IOException {
    ConfigFile.JSON.writeValue(folder.resolve("config.json").toFile(), config);
  }

  /** A copy of the small model with tensors changed, or left out where the change gives null. */
  private Path weights(UnaryOperator<TensorSource> change) throws IOException {
    Path folder = folder(config -> {});
    List<TensorSource> sources = new ArrayList<>();
    try (ModelWeights weights = ModelWeights.open(folder)) {
      for (String name : weights.names()) {
        TensorSource changed = change.apply(copy(name, weights.info(name).shape()));
        if (changed != null) {
          sources.add(changed);
        }
      }
    }
    Files.delete(folder.resolve("model.safetensors"));
    SafetensorsWriter.writeModel(folder, sources, SafetensorsWriter.PYTORCH, Long.MAX_VALUE);
    return folder;
  }

  private static TensorSource copy(String name, List<Long> shape) {
    int elements = (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    return TensorSource.of(name, Dtype.F32, shape, new float[elements]);
  }
}
