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

  // What transformers takes where the file does not say.
  private static final int WINDOW = 4096;
  private static final int FIRST_WINDOW_LAYER = 28;
  private static final int QWEN3_HEAD = 128;

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
    Rope rope = RopeConfig.read(file);
    return new ModelConfig(
        architecture,
        file.integer("vocab_size"),
        hidden,
        file.integer("intermediate_size"),
        file.integer("num_hidden_layers"),
        heads,
        file.integer("num_key_value_heads", heads),
        headDim(file, architecture, hidden, heads),
        context(file, rope),
        file.number("rms_norm_eps", 1e-6),
        rope,
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

  /** The model's; of LongRoPE the original training's, which the short factors are for. */
  private static int context(ConfigFile file, Rope rope) throws CheckpointException {
    return rope.scaling() instanceof Rope.LongRope rule
        ? rule.originalPositions()
        : file.integer("max_position_embeddings");
  }

  private static int headDim(ConfigFile file, Architecture architecture, int hidden, int heads)
      throws CheckpointException {
    if (file.has("head_dim")) {
      return file.integer("head_dim");
    }
    if (architecture == Architecture.QWEN3) {
      return QWEN3_HEAD;
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

  /**
   * The window of all layers, if they have one. The defaults of fields that are not there are those
   * of transformers.
   */
  private static OptionalInt window(ConfigFile file, Architecture architecture)
      throws CheckpointException {
    OptionalInt window = declaredWindow(file, architecture);
    String expected = window.isPresent() ? "sliding_attention" : "full_attention";
    for (String type : file.texts("layer_types")) {
      if (!type.equals(expected)) {
        throw file.fault(
            "layer_types must be %s in all layers, as the other fields say, but has %s"
                .formatted(expected, type));
      }
    }
    return window;
  }

  private static OptionalInt declaredWindow(ConfigFile file, Architecture architecture)
      throws CheckpointException {
    if (!architecture.hasWindow()) {
      return OptionalInt.empty();
    }
    OptionalInt window =
        file.root().has("sliding_window")
            ? file.optionalInteger("sliding_window")
            : OptionalInt.of(WINDOW);
    return architecture.windowIsSwitched() ? switched(file, window) : window;
  }

  /** Layers from max_window_layers on have the window. */
  private static OptionalInt switched(ConfigFile file, OptionalInt window)
      throws CheckpointException {
    if (!file.flag("use_sliding_window", false) || window.isEmpty()) {
      return OptionalInt.empty();
    }
    int first = file.integer("max_window_layers", FIRST_WINDOW_LAYER);
    int layers = file.integer("num_hidden_layers");
    if (first > 0 && first < layers) {
      throw file.fault(
          "max_window_layers must be 0 or at least num_hidden_layers = %d with use_sliding_window: all layers must have the window, or none; but was %d"
              .formatted(layers, first));
    }
    return first <= 0 ? window : OptionalInt.empty();
  }
}
