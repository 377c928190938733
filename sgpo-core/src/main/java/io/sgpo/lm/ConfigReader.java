package io.sgpo.lm;

import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.lm.Architecture.Trait;
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

  /** Recorded where nothing turns. */
  private static final double THETA = 10_000;

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

  static ModelConfig read(ConfigFile any) throws CheckpointException {
    Architecture architecture = architecture(any);
    ConfigFile file = any.withNames(ConfigFields.of(architecture).names());
    try {
      return parse(file, architecture);
    } catch (IllegalArgumentException e) {
      throw file.fault(e);
    }
  }

  private static ModelConfig parse(ConfigFile file, Architecture architecture)
      throws CheckpointException {
    ConfigFields fields = ConfigFields.of(architecture);
    fields.requireSupported(file);
    int hidden = file.integer("hidden_size");
    int heads = file.integer("num_attention_heads");
    Rope rope = architecture.has(Trait.LEARNED_POSITIONS) ? Rope.of(THETA) : RopeConfig.read(file);
    return new ModelConfig(
        architecture,
        file.integer("vocab_size"),
        hidden,
        fields.intermediateSize(file, hidden),
        file.integer("num_hidden_layers"),
        heads,
        fields.keyValueHeads(file, heads),
        fields.headDim(file, hidden, heads),
        context(file, rope),
        file.number("rms_norm_eps", fields.normEpsilon()),
        rope,
        fields.scores(file),
        file.flag("tie_word_embeddings", fields.tied()),
        architecture.has(Trait.ATTENTION_BIAS_FIELD) && file.flag("attention_bias", false),
        architecture == Architecture.LLAMA && file.flag("mlp_bias", false),
        WindowConfig.read(file, architecture),
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

  /** The model's; of LongRoPE the original training's, which the short factors are for. */
  private static int context(ConfigFile file, Rope rope) throws CheckpointException {
    return rope.scaling() instanceof Rope.LongRope rule
        ? rule.originalPositions()
        : file.integer("max_position_embeddings");
  }

  /** Some files write −1 for "none"; the padding id plays no part in what is computed. */
  private static OptionalInt padding(ConfigFile file) throws CheckpointException {
    OptionalInt id = file.optionalInteger("pad_token_id");
    return id.isPresent() && id.getAsInt() < 0 ? OptionalInt.empty() : id;
  }
}
