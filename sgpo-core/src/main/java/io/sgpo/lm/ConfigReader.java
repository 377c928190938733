package io.sgpo.lm;

import io.sgpo.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads {@code config.json} as transformers 4 writes it ({@code rope_theta}, {@code rope_scaling})
 * or 5 ({@code rope_parameters}), and the end-of-sequence ids of {@code generation_config.json}.
 */
final class ConfigReader {

  static final String CONFIG = "config.json";
  static final String GENERATION_CONFIG = "generation_config.json";

  /** What transformers takes for a Mistral whose file does not say. */
  private static final int MISTRAL_WINDOW = 4096;

  private ConfigReader() {}

  /**
   * @throws CheckpointException naming file and field if a field is missing or outside its domain
   */
  static ModelConfig read(Path folder) throws IOException {
    ModelConfig config = read(ConfigFile.read(folder.resolve(CONFIG)));
    Path generation = folder.resolve(GENERATION_CONFIG);
    if (!Files.exists(generation)) {
      return config;
    }
    ConfigFile file = ConfigFile.read(generation);
    Set<Integer> ids = new TreeSet<>(config.endOfSequence());
    ids.addAll(file.ids("eos_token_id"));
    try {
      return config.withEndOfSequence(ids);
    } catch (IllegalArgumentException e) {
      throw file.fault(e);
    }
  }

  /**
   * The configuration of a sequence classifier of one label.
   *
   * @throws CheckpointException also if it has more labels
   */
  static ModelConfig readClassifier(Path folder) throws IOException {
    ConfigFile file = ConfigFile.read(folder.resolve(CONFIG));
    ConfigFile labels = file.object("id2label");
    int count = file.integer("num_labels", labels == null ? 1 : labels.root().size());
    if (count != 1) {
      throw file.fault(
          "num_labels, or the size of id2label, must be 1 for a reward model, but was " + count);
    }
    return read(file);
  }

  static ModelConfig read(ConfigFile file) throws CheckpointException {
    try {
      return parse(file);
    } catch (IllegalArgumentException e) {
      throw file.fault(e);
    }
  }

  private static ModelConfig parse(ConfigFile file) throws CheckpointException {
    Architecture architecture = architecture(file);
    requireSilu(file);
    int hidden = file.integer("hidden_size");
    int heads = file.integer("num_attention_heads");
    return new ModelConfig(
        architecture,
        file.integer("vocab_size"),
        hidden,
        file.integer("intermediate_size"),
        file.integer("num_hidden_layers"),
        heads,
        file.integer("num_key_value_heads", heads),
        headDim(file, hidden, heads),
        file.integer("max_position_embeddings"),
        file.number("rms_norm_eps", 1e-6),
        rope(file),
        file.flag("tie_word_embeddings", false),
        file.flag("attention_bias", false),
        file.flag("mlp_bias", false),
        window(file, architecture),
        file.optionalInteger("bos_token_id"),
        padding(file),
        file.ids("eos_token_id"),
        file.number("initializer_range", 0.02));
  }

  private static Architecture architecture(ConfigFile file) throws CheckpointException {
    String name = file.text("model_type", "");
    return Architecture.of(name)
        .orElseThrow(
            () ->
                file.fault(
                    "model_type must be one of %s, but was \"%s\""
                        .formatted(Architecture.supported(), name)));
  }

  private static void requireSilu(ConfigFile file) throws CheckpointException {
    String activation = file.text("hidden_act", "silu");
    if (!activation.equals("silu")) {
      throw file.fault("hidden_act must be silu, but was \"" + activation + "\"");
    }
  }

  private static int headDim(ConfigFile file, int hidden, int heads) throws CheckpointException {
    if (file.has("head_dim")) {
      return file.integer("head_dim");
    }
    if (heads < 1 || hidden % heads != 0) {
      throw file.fault(
          "hidden_size must be a multiple of num_attention_heads, but they were %d and %d"
              .formatted(hidden, heads));
    }
    return hidden / heads;
  }

  /** Some files write −1 for "none"; the padding id plays no part in what is computed. */
  private static OptionalInt padding(ConfigFile file) throws CheckpointException {
    OptionalInt id = file.optionalInteger("pad_token_id");
    return id.isPresent() && id.getAsInt() < 0 ? OptionalInt.empty() : id;
  }

  private static OptionalInt window(ConfigFile file, Architecture architecture)
      throws CheckpointException {
    boolean off =
        !architecture.hasWindow()
            || (architecture.windowIsSwitched() && !file.flag("use_sliding_window", false));
    if (off) {
      return OptionalInt.empty();
    }
    if (architecture.windowIsSwitched() && file.integer("max_window_layers", 0) > 0) {
      throw file.fault(
          "use_sliding_window with max_window_layers > 0 is not supported: all layers must have"
              + " the window, or none");
    }
    boolean unset = !architecture.windowIsSwitched() && !file.root().has("sliding_window");
    return unset ? OptionalInt.of(MISTRAL_WINDOW) : file.optionalInteger("sliding_window");
  }

  private static Rope rope(ConfigFile file) throws CheckpointException {
    ConfigFile parameters = file.object("rope_parameters");
    ConfigFile scaling = parameters == null ? file.object("rope_scaling") : parameters;
    double theta =
        parameters != null && parameters.has("rope_theta")
            ? parameters.number("rope_theta")
            : file.number("rope_theta", 10_000);
    return scaling == null ? Rope.of(theta) : new Rope(theta, scaling(scaling));
  }

  private static Rope.Scaling scaling(ConfigFile file) throws CheckpointException {
    String type = file.text("rope_type", file.text("type", "default"));
    return switch (type) {
      case "default" -> new Rope.None();
      case "linear" -> new Rope.Linear(file.number("factor"));
      case "llama3" ->
          new Rope.Llama3(
              file.number("factor"),
              file.number("low_freq_factor"),
              file.number("high_freq_factor"),
              file.integer("original_max_position_embeddings"));
      default ->
          throw file.fault(
              "rope_type must be one of default, linear, llama3, but was \"" + type + "\"");
    };
  }
}
