package io.sgpo.lm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.lm.Architecture.Trait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Writes {@code config.json} and {@code generation_config.json}. Of a model that was loaded they
 * are its own files, in which only what is no longer true is written anew; else they are as
 * transformers 4 writes them.
 */
final class ConfigWriter {

  /** What transformers calls the only label of a classifier; it counts labels by their names. */
  private static final String LABEL = "LABEL_0";

  private static final String DTYPE = "dtype";
  private static final String OLD_DTYPE = "torch_dtype";

  private ConfigWriter() {}

  /**
   * @param dtype of the weights beside it
   */
  static void write(ModelConfig config, ExportOptions.Type dtype, Path folder) throws IOException {
    write(new WeightLayout(config), ConfigFiles.NONE, dtype, folder);
  }

  /**
   * The same for a model of any head; a reward model has no generation configuration.
   *
   * @param loaded the files that the model was loaded with
   */
  static void write(WeightLayout layout, ConfigFiles loaded, ExportOptions.Type dtype, Path folder)
      throws IOException {
    ObjectNode node =
        loaded.config() == null ? config(layout.config()) : kept(loaded.config().deepCopy());
    putType(node, dtype);
    Architecture architecture = layout.config().architecture();
    if (layout.head() == WeightLayout.Head.VOCABULARY) {
      node.putArray("architectures").add(architecture.className());
      writeGeneration(layout.config(), loaded, folder);
    } else {
      node.putArray("architectures").add(architecture.classifierName());
      node.putObject("id2label").put("0", LABEL);
      node.putObject("label2id").put(LABEL, 0);
      node.remove("num_labels");
    }
    write(node, folder.resolve(ConfigReader.CONFIG));
  }

  /** Under the name that is there, or both; else under that of transformers 4. */
  private static void putType(ObjectNode node, ExportOptions.Type dtype) {
    if (node.has(OLD_DTYPE) || !node.has(DTYPE)) {
      node.put(OLD_DTYPE, dtype.label());
    }
    if (node.has(DTYPE)) {
      node.put(DTYPE, dtype.label());
    }
  }

  /** Without what names code or a form of weights that are not in the new folder. */
  private static ObjectNode kept(ObjectNode loaded) {
    loaded.remove("auto_map");
    loaded.remove("quantization_config");
    return loaded;
  }

  /** All ends that this library stops at, and whatever else the loaded file says. */
  private static void writeGeneration(ModelConfig config, ConfigFiles loaded, Path folder)
      throws IOException {
    ObjectNode generation =
        loaded.generation() == null
            ? ConfigFile.JSON.createObjectNode()
            : loaded.generation().deepCopy();
    putTokens(config, generation);
    write(generation, folder.resolve(ConfigReader.GENERATION_CONFIG));
  }

  private static void write(ObjectNode node, Path file) throws IOException {
    ConfigFile.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), node);
  }

  private static ObjectNode config(ModelConfig config) {
    ObjectNode node = ConfigFile.JSON.createObjectNode();
    node.put("model_type", config.architecture().modelType());
    if (config.architecture() == Architecture.GPT2) {
      putGpt2(config, node);
    } else {
      putCommon(config, node);
    }
    putTokens(config, node);
    node.put("use_cache", true);
    return node;
  }

  private static void putGpt2(ModelConfig config, ObjectNode node) {
    node.put("vocab_size", config.vocabularySize());
    node.put("n_embd", config.hiddenSize());
    node.put("n_inner", config.intermediateSize());
    node.put("n_layer", config.layers());
    node.put("n_head", config.heads());
    node.put("n_positions", config.maxPositions());
    node.put("layer_norm_epsilon", config.normEpsilon());
    node.put("activation_function", "gelu_new");
    node.put("tie_word_embeddings", config.tied());
    putNumbers(node, List.of("attn_pdrop", "embd_pdrop", "resid_pdrop"), 0);
    node.put("initializer_range", config.initializerRange());
  }

  private static void putCommon(ModelConfig config, ObjectNode node) {
    node.put("vocab_size", config.vocabularySize());
    node.put("hidden_size", config.hiddenSize());
    node.put("intermediate_size", config.intermediateSize());
    node.put("num_hidden_layers", config.layers());
    node.put("num_attention_heads", config.heads());
    node.put("num_key_value_heads", config.keyValueHeads());
    node.put("head_dim", config.headDim());
    node.put("max_position_embeddings", positions(config));
    node.put("rms_norm_eps", config.normEpsilon());
    putActivation(config.architecture(), node);
    node.put("tie_word_embeddings", config.tied());
    node.put("attention_bias", config.attentionBias());
    node.put("attention_dropout", 0.0);
    node.put("mlp_bias", config.feedForwardBias());
    node.put("initializer_range", config.initializerRange());
    RopeConfig.write(config.rope(), config.architecture(), node);
    if (config.architecture().has(Trait.WINDOW)) {
      putWindow(config, node);
    }
    if (config.architecture() == Architecture.PHI3) {
      putNumbers(node, List.of("embd_pdrop", "resid_pdrop"), 0);
    }
    if (config.architecture() == Architecture.GEMMA2) {
      putScores(config, node);
    }
  }

  private static void putNumbers(ObjectNode node, List<String> names, double value) {
    names.forEach(name -> node.put(name, value));
  }

  private static void putActivation(Architecture architecture, ObjectNode node) {
    if (architecture.has(Trait.GELU)) {
      node.put("hidden_act", "gelu_pytorch_tanh");
      node.put("hidden_activation", "gelu_pytorch_tanh");
    } else {
      node.put("hidden_act", "silu");
    }
  }

  private static void putScores(ModelConfig config, ObjectNode node) {
    ModelConfig.Scores scores = config.scores();
    node.put("query_pre_attn_scalar", scores.queryScalar().orElse(config.headDim()));
    putOptional(node, "attn_logit_softcapping", scores.attentionCap());
    putOptional(node, "final_logit_softcapping", scores.logitCap());
  }

  /** Null where there is none: transformers would take a default. */
  private static void putOptional(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }

  private static int positions(ModelConfig config) {
    return config.rope().scaling() instanceof Rope.LongRope rule
        ? rule.extendedPositions()
        : config.maxPositions();
  }

  private static void putWindow(ModelConfig config, ObjectNode node) {
    if (config.architecture().has(Trait.WINDOW_SWITCH)) {
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
    if (config.padding().isPresent()) {
      node.put("pad_token_id", config.padding().getAsInt());
    } else if (config.architecture() == Architecture.PHI3) {
      node.putNull("pad_token_id"); // transformers would take 32000, also of a smaller vocabulary
    }
    if (config.endOfSequence().size() == 1) {
      config.endOfSequence().forEach(id -> node.put("eos_token_id", id));
    } else if (!config.endOfSequence().isEmpty()) {
      ArrayNode ids = node.putArray("eos_token_id");
      config.endOfSequence().forEach(ids::add);
    }
  }
}
