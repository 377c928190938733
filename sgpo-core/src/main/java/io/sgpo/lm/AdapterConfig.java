package io.sgpo.lm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code adapter_config.json} as PEFT writes it. What is more than plain LoRA on linear layers is
 * refused by the field's name, known or unknown, unless it is off.
 */
final class AdapterConfig {

  static final String NAME = "adapter_config.json";

  /** Fields that say nothing about what the adapter computes once it is trained. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "auto_mapping",
          "base_model_name_or_path",
          "corda_config",
          "eva_config",
          "inference_mode",
          "loftq_config",
          "lora_ga_config",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision");

  /** Fields that are read below. */
  private static final Set<String> READ =
      Set.of(
          "bias",
          "exclude_modules",
          "init_lora_weights",
          "layers_pattern",
          "layers_to_transform",
          "lora_alpha",
          "lora_dropout",
          "peft_type",
          "r",
          "target_modules",
          "task_type",
          "use_rslora");

  /** Ways to start that leave the frozen weights as they are. */
  private static final Set<String> STARTS = Set.of("eva", "gaussian", "orthogonal");

  /** Whether the adapted matrices are stored input by output. */
  private static final String TURNED = "fan_in_fan_out";

  private AdapterConfig() {}

  /**
   * The options of an adapter.
   *
   * @param modules the layers that the adapter's tensors belong to; they are the targets where the
   *     file selects by a pattern or by layers
   * @param turned whether the model stores its matrices input by output; PEFT then adapts them
   *     alike whatever {@code fan_in_fan_out} says
   * @throws CheckpointException naming the field that is missing, malformed or not supported
   */
  static LoraOptions read(Path folder, Set<String> modules, boolean turned) throws IOException {
    ConfigFile file = ConfigFile.read(folder.resolve(NAME));
    requireText(file, "peft_type", "LORA", "");
    requireText(file, "task_type", "CAUSAL_LM", "CAUSAL_LM");
    requireText(file, "bias", "none", "none");
    requirePlainStart(file);
    requireNothingElse(file, turned);
    int rank = file.integer("r");
    double alpha = file.number("lora_alpha");
    double dropout = file.number("lora_dropout", 0);
    LoraOptions options = checked(file, "r", () -> LoraOptions.rank(rank));
    LoraOptions scaled = checked(file, "lora_alpha", () -> options.alpha(alpha));
    return checked(file, "lora_dropout", () -> scaled.dropout(dropout))
        .rankStabilized(file.flag("use_rslora", false))
        .targets(targets(file, modules));
  }

  private static LoraOptions checked(ConfigFile file, String name, Supplier<LoraOptions> value)
      throws CheckpointException {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw file.fault(name + ": " + e.getMessage());
    }
  }

  private static void requireText(ConfigFile file, String name, String expected, String byDefault)
      throws CheckpointException {
    String value = file.text(name, byDefault);
    if (!value.equals(expected)) {
      throw file.fault("%s must be %s, but was \"%s\"".formatted(name, expected, value));
    }
  }

  /** Other starts, such as PiSSA's, change the frozen weights too. */
  private static void requirePlainStart(ConfigFile file) throws CheckpointException {
    JsonNode start = file.root().path("init_lora_weights");
    if (start.isTextual() && !STARTS.contains(start.textValue())) {
      throw file.fault(
          "init_lora_weights must be true, false or one of %s, but was %s"
              .formatted(String.join(", ", new TreeSet<>(STARTS)), start));
    }
  }

  private static void requireNothingElse(ConfigFile file, boolean turned)
      throws CheckpointException {
    for (Map.Entry<String, JsonNode> field : file.root().properties()) {
      String name = field.getKey();
      boolean known = READ.contains(name) || WITHOUT_EFFECT.contains(name);
      if (!known && !(turned && name.equals(TURNED)) && !isOff(field.getValue())) {
        throw file.fault(name + " is not supported, but was " + field.getValue());
      }
    }
  }

  private static boolean isOff(JsonNode value) {
    boolean empty = value.isContainerNode() && value.isEmpty();
    return value.isNull() || empty || (value.isBoolean() && !value.booleanValue());
  }

  private static Set<String> targets(ConfigFile file, Set<String> modules)
      throws CheckpointException {
    JsonNode targets = file.root().path("target_modules");
    if (targets.isTextual()) {
      Set<String> one = Set.of(targets.textValue());
      return one.equals(LoraOptions.ALL_LINEAR) ? one : modules;
    }
    if (!targets.isArray() || targets.isEmpty()) {
      throw file.fault("target_modules must be a list of names or a string, but was " + targets);
    }
    Set<String> names = new TreeSet<>();
    for (JsonNode target : targets) {
      if (!target.isTextual()) {
        throw file.fault("target_modules must be names, but one was " + target);
      }
      names.add(target.textValue());
    }
    boolean narrowed =
        !isOff(file.root().path("layers_to_transform"))
            || !isOff(file.root().path("exclude_modules"));
    return narrowed ? modules : names;
  }

  /**
   * Writes the fields of PEFT 0.17.1, in its order.
   *
   * @param baseName where the frozen weights came from, if from a folder
   * @param turned whether the model stores its matrices input by output
   */
  static void write(LoraOptions options, @Nullable String baseName, boolean turned, Path folder)
      throws IOException {
    ObjectNode node = ConfigFile.JSON.createObjectNode();
    node.putObject("alpha_pattern");
    node.putNull("auto_mapping");
    node.put("base_model_name_or_path", baseName);
    node.put("bias", "none");
    putNulls(node, List.of("corda_config", "eva_config", "exclude_modules"));
    node.put(TURNED, turned);
    node.put("inference_mode", true);
    node.put("init_lora_weights", true);
    putNulls(node, List.of("layer_replication", "layers_pattern", "layers_to_transform"));
    node.putObject("loftq_config");
    putNumber(node, "lora_alpha", options.alpha());
    node.put("lora_bias", false);
    node.put("lora_dropout", options.dropout());
    node.putNull("megatron_config");
    node.put("megatron_core", "megatron.core");
    node.putNull("modules_to_save");
    node.put("peft_type", "LORA");
    node.put("qalora_group_size", 16);
    node.put("r", options.rank());
    node.putObject("rank_pattern");
    node.putNull("revision");
    ArrayNode targets = node.putArray("target_modules");
    options.targets().forEach(targets::add);
    node.putNull("target_parameters");
    node.put("task_type", "CAUSAL_LM");
    node.putNull("trainable_token_indices");
    node.put("use_dora", false);
    node.put("use_qalora", false);
    node.put("use_rslora", options.rankStabilized());
    ConfigFile.JSON
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve(NAME).toFile(), node);
  }

  private static void putNulls(ObjectNode node, List<String> names) {
    names.forEach(node::putNull);
  }

  /** PEFT declares α a whole number; others are written as they are. */
  private static void putNumber(ObjectNode node, String name, double value) {
    if (value == Math.rint(value) && value <= Integer.MAX_VALUE) {
      node.put(name, (int) value);
    } else {
      node.put(name, value);
    }
  }
}
