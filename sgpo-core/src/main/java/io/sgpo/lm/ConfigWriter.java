package io.sgpo.lm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** Writes {@code config.json} and {@code generation_config.json} as transformers 4 does. */
final class ConfigWriter {

  /** What transformers calls the only label of a classifier; it counts labels by their names. */
  private static final String LABEL = "LABEL_0";

  private ConfigWriter() {}

  /**
   * @param dtype of the weights beside it
   */
  static void write(ModelConfig config, ExportOptions.Type dtype, Path folder) throws IOException {
    write(config(config, dtype), folder.resolve(ConfigReader.CONFIG));
    writeGeneration(config, folder);
  }

  /** The same for a model of any head; a reward model has no generation configuration. */
  static void write(WeightLayout layout, ExportOptions.Type dtype, Path folder) throws IOException {
    if (layout.head() == WeightLayout.Head.VOCABULARY) {
      write(layout.config(), dtype, folder);
      return;
    }
    ObjectNode node = config(layout.config(), dtype);
    node.putArray("architectures").add(layout.config().architecture().classifierName());
    node.putObject("id2label").put("0", LABEL);
    node.putObject("label2id").put(LABEL, 0);
    write(node, folder.resolve(ConfigReader.CONFIG));
  }

  private static void writeGeneration(ModelConfig config, Path folder) throws IOException {
    ObjectNode generation = ConfigFile.JSON.createObjectNode();
    putTokens(config, generation);
    write(generation, folder.resolve(ConfigReader.GENERATION_CONFIG));
  }

  private static void write(ObjectNode node, Path file) throws IOException {
    ConfigFile.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), node);
  }

  private static ObjectNode config(ModelConfig config, ExportOptions.Type dtype) {
    ObjectNode node = ConfigFile.JSON.createObjectNode();
    node.putArray("architectures").add(config.architecture().className());
    node.put("model_type", config.architecture().modelType());
    node.put("vocab_size", config.vocabularySize());
    node.put("hidden_size", config.hiddenSize());
    node.put("intermediate_size", config.intermediateSize());
    node.put("num_hidden_layers", config.layers());
    node.put("num_attention_heads", config.heads());
    node.put("num_key_value_heads", config.keyValueHeads());
    node.put("head_dim", config.headDim());
    node.put("max_position_embeddings", config.maxPositions());
    node.put("rms_norm_eps", config.normEpsilon());
    node.put("hidden_act", "silu");
    node.put("tie_word_embeddings", config.tied());
    node.put("attention_bias", config.attentionBias());
    node.put("attention_dropout", 0.0);
    node.put("mlp_bias", config.feedForwardBias());
    node.put("initializer_range", config.initializerRange());
    node.put("rope_theta", config.rope().theta());
    putScaling(config.rope().scaling(), node);
    if (config.architecture().hasWindow()) {
      putWindow(config, node);
    }
    putTokens(config, node);
    node.put("torch_dtype", dtype.label());
    node.put("use_cache", true);
    return node;
  }

  private static void putScaling(Rope.Scaling scaling, ObjectNode node) {
    if (scaling instanceof Rope.Linear linear) {
      node.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
    } else if (scaling instanceof Rope.Llama3 llama3) {
      node.putObject("rope_scaling")
          .put("rope_type", "llama3")
          .put("factor", llama3.factor())
          .put("low_freq_factor", llama3.lowFrequencyFactor())
          .put("high_freq_factor", llama3.highFrequencyFactor())
          .put("original_max_position_embeddings", llama3.originalPositions());
    } else {
      node.putNull("rope_scaling");
    }
  }

  private static void putWindow(ModelConfig config, ObjectNode node) {
    if (config.architecture().windowIsSwitched()) {
      node.put("use_sliding_window", config.slidingWindow().isPresent());
      node.put("max_window_layers", config.slidingWindow().isPresent() ? 0 : config.layers());
    }
    if (config.slidingWindow().isPresent()) {
      node.put("sliding_window", config.slidingWindow().getAsInt());
    } else {
      node.putNull("sliding_window");
    }
  }

  private static void putTokens(ModelConfig config, ObjectNode node) {
    config.beginOfSequence().ifPresent(id -> node.put("bos_token_id", id));
    config.padding().ifPresent(id -> node.put("pad_token_id", id));
    if (config.endOfSequence().size() == 1) {
      config.endOfSequence().forEach(id -> node.put("eos_token_id", id));
    } else if (!config.endOfSequence().isEmpty()) {
      ArrayNode ids = node.putArray("eos_token_id");
      config.endOfSequence().forEach(ids::add);
    }
  }
}
