package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations that cannot be, and what the refusal names. */
class ConfigFaultsTest {

  private static final String GOOD =
      """
      {"model_type": "llama", "vocab_size": 40, "hidden_size": 16, "intermediate_size": 24,
       "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64}
      """;

  private final Path folder;

  ConfigFaultsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private void refused(String... named) {
    String message =
        Refusals.assertNames(
            CheckpointException.class, () -> ConfigReader.read(folder), "config.json");
    for (String part : named) {
      Refusals.assertNames(CheckpointException.class, () -> ConfigReader.read(folder), part);
    }
    assertEquals(true, message.contains(folder.toString()), message);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vocab_size",
        "hidden_size",
        "intermediate_size",
        "num_hidden_layers",
        "num_attention_heads",
        "max_position_embeddings"
      })
  void aSize(String field) throws IOException {
    ObjectNode config = (ObjectNode) ConfigFile.JSON.readTree(GOOD);
    config.remove(field);
    write("config.json", config.toString());
    refused(field, "is missing");
    for (String value :
        new String[] {"null", "0", "-1", "2.5", "1e300", "2147483648", "\"16\"", "true", "[16]"}) {
      config.set(field, ConfigFile.JSON.readTree(value));
      write("config.json", config.toString());
      refused(field, value.equals("null") ? "is missing" : shown(value));
    }
    config.put(field, Integer.MAX_VALUE);
    write("config.json", config.toString());
    refused(field, "2147483647");
  }

  @Test
  void headsThatDoNotDivideTheSize() throws IOException {
    write("config.json", GOOD.replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 3"));
    refused("hidden_size", "num_attention_heads", "16 and 3");
  }

  private static String shown(String value) {
    return value.equals("1e300") ? "1.0E300" : value;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "rms_norm_eps": NaN                                   | JSON, NaN
          "rms_norm_eps": "NaN"                                 | rms_norm_eps, NaN
          "rms_norm_eps": 1e-999                                | rms_norm_eps, 0.0
          "rope_theta": 1e999                                   | rope_theta, Infinity
          "rope_theta": 0                                       | rope_theta, 0.0
          "initializer_range": -1                               | initializer_range, -1
          "head_dim": 0                                         | head_dim, 0
          "head_dim": 16777216                                  | head_dim, 4 and 16777216
          "num_key_value_heads": 0                              | num_key_value_heads, 0
          "num_key_value_heads": 3                              | 4 and 3
          "num_key_value_heads": 8                              | 4 and 8
          "tie_word_embeddings": "true"                         | tie_word_embeddings, true
          "eos_token_id": 40                                    | eos_token_id, vocab_size, 40
          "eos_token_id": [1, 2.5]                              | eos_token_id, 2.5
          "eos_token_id": {}                                    | eos_token_id
          "bos_token_id": 40                                    | bos_token_id, 40
          "bos_token_id": -1                                    | bos_token_id, -1
          "hidden_act": "gelu"                                  | hidden_act, silu, gelu
          "rope_scaling": []                                    | rope_scaling
          "rope_scaling": {"type": "su"}                        | rope_type, linear, su
          "rope_scaling": {"type": "dynamic"}                   | factor, missing
          "rope_scaling": {"factor": 2.0}                       | rope_type is missing, factor
          "rope_scaling": {"rope_type": null, "factor": 2.0}    | rope_type is missing, factor
          "rope_parameters": {"rope_theta": 1e4, "long_factor": [2]} | rope_type is missing, long_factor
          "partial_rotary_factor": 0.5                          | partial_rotary_factor, 0.5
          "layer_types": "full_attention"                       | layer_types, array
          "layer_types": ["full_attention", 3]                  | layer_types, strings, 3
          "layer_types": ["sliding_attention"]                  | layer_types, full_attention, sliding
          "rope_scaling": {"type": "linear", "factor": 1e999}   | factor, Infinity
          "rope_scaling": {"type": "llama3", "factor": 8}       | low_freq_factor, missing
          "rope_parameters": {"rope_theta": "x"}                | rope_theta, x
          "partial_rotary_factor": 0.75                         | partial_rotary_factor, 0.75
          "rope_parameters": {"partial_rotary_factor": 0.5}     | partial_rotary_factor, 0.5
          "vocab_size": 41                                      | Duplicate, vocab_size
          """)
  void aField(String field, String named) throws IOException {
    write("config.json", GOOD.replace("\"model_type\"", field + ", \"model_type\""));
    refused(named.split(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          phi3   | "rope_scaling": {"type": "longrope"}         | short_factor is missing
          phi3   | "rope_scaling": {"type": "turning"}          | rope_type, longrope, turning
          phi3   | "partial_rotary_factor": 0.75                | partial_rotary_factor, 0.75
          phi3   | "hidden_act": "gelu"                         | hidden_act, silu, gelu
          phi3   | "sliding_window": 0                          | sliding_window, 0
          gemma  | "hidden_act": "gelu"                         | hidden_act, tanh, "gelu"
          gemma  | "hidden_activation": "silu"                  | hidden_activation, tanh, silu
          gemma  | "use_bidirectional_attention": true          | use_bidirectional_attention
          gemma2 | "query_pre_attn_scalar": 0                   | query_pre_attn_scalar, 0.0
          gemma2 | "attn_logit_softcapping": -1                 | attn_logit_softcapping, -1.0
          gemma2 | "attn_logit_softcapping": "5"                | attn_logit_softcapping, 5
          gemma2 | "final_logit_softcapping": 1e999             | final_logit_softcapping, Infinity
          gemma2 | "layer_types": ["full_attention"]            | layer_types, sliding, layer 0, full
          gemma2 | "layer_types": "full_attention"              | layer_types, array, full
          """)
  void aFieldOfAnArchitecture(String type, String field, String named) throws IOException {
    write("config.json", GOOD.replace("llama\"", type + "\", " + field));
    refused(named.split(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "n_embd": 0                             | n_embd, 0
          "n_embd": 18                            | n_embd, n_head, 18 and 4
          "n_embd": null                          | n_embd is missing
          "n_layer": "2"                          | n_layer, "2"
          "n_head": 0                             | n_head, 0
          "n_positions": -1                       | n_positions, -1
          "n_inner": 0                            | n_inner, 0
          "layer_norm_epsilon": 0                 | layer_norm_epsilon, 0.0
          "activation_function": "relu"           | activation_function, gelu_new, relu
          "scale_attn_weights": false             | scale_attn_weights, true, false
          "scale_attn_by_inverse_layer_idx": true | scale_attn_by_inverse_layer_idx, true
          "add_cross_attention": true             | add_cross_attention, true
          """)
  void aFieldOfGpt2ByItsOwnName(String field, String named) throws IOException {
    ObjectNode config =
        (ObjectNode)
            ConfigFile.JSON.readTree(
                """
                {"model_type": "gpt2", "vocab_size": 40, "n_embd": 16, "n_layer": 2, "n_head": 4,
                 "n_positions": 64}
                """);
    config.setAll((ObjectNode) ConfigFile.JSON.readTree("{" + field + "}"));
    write("config.json", config.toString());
    refused(named.split(", "));
  }

  @Test
  void whatTransformersTakesForFieldsThatAreNotThere() throws IOException {
    write("config.json", GOOD.replace("llama", "gemma2"));
    ModelConfig gemma2 = ConfigReader.read(folder);
    assertEquals(256, gemma2.headDim());
    assertEquals(OptionalInt.of(4096), gemma2.slidingWindow());
    assertEquals(
        new ModelConfig.Scores(
            OptionalDouble.of(256), OptionalDouble.of(50), OptionalDouble.of(30)),
        gemma2.scores());
    assertEquals(true, gemma2.tied());
    write("config.json", GOOD.replace("llama\"", "gemma2\", \"attn_logit_softcapping\": null"));
    assertEquals(OptionalDouble.empty(), ConfigReader.read(folder).scores().attentionCap());
    write("config.json", GOOD.replace("llama", "phi3"));
    assertEquals(OptionalInt.empty(), ConfigReader.read(folder).slidingWindow());
    assertEquals(1e-5, ConfigReader.read(folder).normEpsilon());
  }

  /** Of layers from max_window_layers on; the defaults are those of transformers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "use_sliding_window": true                                                   | -1
          "use_sliding_window": true, "max_window_layers": 0                           | 4096
          "use_sliding_window": true, "max_window_layers": 0, "sliding_window": 8      | 8
          "use_sliding_window": true, "max_window_layers": 2, "sliding_window": 8      | -1
          "use_sliding_window": true, "max_window_layers": 0, "sliding_window": null   | -1
          "use_sliding_window": false, "max_window_layers": 0, "sliding_window": 8     | -1
          "sliding_window": 8                                                          | -1
          """)
  void theWindowOfAQwen(String fields, int window) throws IOException {
    write("config.json", GOOD.replace("\"llama\"", "\"qwen2\", " + fields));
    assertEquals(window, ConfigReader.read(folder).slidingWindow().orElse(-1));
  }

  @Test
  void aWindowOfSomeLayersOrOneThatContradictsItsLayers() throws IOException {
    String window = "\"qwen2\", \"use_sliding_window\": true, \"max_window_layers\": ";
    write("config.json", GOOD.replace("\"llama\"", window + "1"));
    refused("max_window_layers", "num_hidden_layers = 2", "was 1");
    String types = ", \"layer_types\": [\"sliding_attention\", \"full_attention\"]";
    write("config.json", GOOD.replace("\"llama\"", window + "0" + types));
    refused("layer_types", "sliding_attention", "full_attention");
  }

  @Test
  void aQwen3WithoutHeadDim() throws IOException {
    write("config.json", GOOD.replace("\"llama\"", "\"qwen3\""));
    assertEquals(128, ConfigReader.read(folder).headDim());
  }

  @Test
  void sizesThatMakeMoreWeightsThanCanBeCounted() throws IOException {
    write(
        "config.json",
        """
        {"model_type": "llama", "vocab_size": 16777216, "hidden_size": 16777216,
         "intermediate_size": 16777216, "num_hidden_layers": 4096, "num_attention_heads": 4096,
         "head_dim": 4096, "max_position_embeddings": 64}
        """);
    refused("hidden_size", "num_hidden_layers", "weights", "281474976710656");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt_neox", "gemma3", ""})
  void anArchitectureThatIsNotSupported(String name) throws IOException {
    write("config.json", GOOD.replace("llama", name));
    refused(
        "model_type",
        "llama, mistral, qwen2, qwen3, phi3, gemma, gemma2, gpt2",
        "\"" + name + "\"");
  }

  @Test
  void anEndOfTheGenerationConfiguration() throws IOException {
    write("config.json", GOOD);
    write("generation_config.json", "{\"eos_token_id\": [1, 40]}");
    refused("generation_config.json", "eos_token_id", "40");
    write("generation_config.json", "[1]");
    refused("generation_config.json", "object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void anotherEncoding(String charset) throws IOException {
    Files.write(folder.resolve("config.json"), GOOD.getBytes(Charset.forName(charset)));
    refused();
  }

  /** A parser that guesses the encoding takes the first for UTF-32 and names no file. */
  @Test
  void bytesThatAreNoText() throws IOException {
    Files.write(folder.resolve("config.json"), new byte[] {0, 0, 0, '{', 0x7F, -1, -1, -1});
    refused("UTF-8");
    Files.write(
        folder.resolve("config.json"),
        "{\"model_type\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
    refused("UTF-8");
    write("config.json", "\uFEFF" + GOOD);
    refused("JSON", "feff");
    write("config.json", "");
    refused("object");
    write("config.json", "{\"a\":".repeat(100_000));
    refused("JSON", "nesting depth");
  }
}
