package io.sgpo.lm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import java.util.List;

/**
 * Rotary positions in {@code config.json}: {@code rope_theta} and {@code rope_scaling} of
 * transformers 4, or {@code rope_parameters} of 5. Where the two read a file differently (a factor
 * of YaRN or LongRoPE beside {@code original_max_position_embeddings}), it is read as 5 does: a
 * factor that is there counts.
 */
final class RopeConfig {

  private static final String FACTOR = "factor";
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final String ATTENTION = "attention_factor";

  /** What tells how far positions are scaled. */
  private static final List<String> SCALES = List.of(FACTOR, "short_factor", "long_factor");

  private RopeConfig() {}

  static Rope read(ConfigFile file) throws CheckpointException {
    ConfigFile parameters = file.object("rope_parameters");
    ConfigFile scaling = parameters == null ? file.object("rope_scaling") : parameters;
    double theta =
        parameters != null && parameters.has("rope_theta")
            ? parameters.number("rope_theta")
            : file.number("rope_theta", 10_000);
    requireWhole(file);
    if (scaling == null) {
      return Rope.of(theta);
    }
    requireWhole(scaling);
    return new Rope(theta, scaling(file, scaling));
  }

  private static void requireWhole(ConfigFile file) throws CheckpointException {
    double share = file.number("partial_rotary_factor", 1);
    if (share != 1) {
      throw file.fault("partial_rotary_factor must be 1, but was " + share);
    }
  }

  private static Rope.Scaling scaling(ConfigFile file, ConfigFile scaling)
      throws CheckpointException {
    String type = type(file, scaling);
    return switch (type) {
      case "default" -> new Rope.None();
      case "linear" -> new Rope.Linear(scaling.number(FACTOR));
      case "dynamic" -> new Rope.Dynamic(scaling.number(FACTOR));
      case "llama3" ->
          new Rope.Llama3(
              scaling.number(FACTOR),
              scaling.number("low_freq_factor"),
              scaling.number("high_freq_factor"),
              scaling.integer(ORIGINAL));
      case "yarn" -> yarn(file, scaling);
      case "longrope" -> longRope(file, scaling);
      default ->
          throw scaling.fault(
              "rope_type must be one of default, linear, dynamic, llama3, yarn, longrope, but was"
                  + " \""
                  + type
                  + "\"");
    };
  }

  /** The first files of Phi-3 say su for longrope. */
  private static String type(ConfigFile file, ConfigFile scaling) throws CheckpointException {
    if (!scaling.has("rope_type") && !scaling.has("type")) {
      return untyped(scaling);
    }
    String type = scaling.text("rope_type", scaling.text("type", "default"));
    boolean old =
        type.equals("su") && file.text("model_type", "").equals(Architecture.PHI3.modelType());
    return old ? "longrope" : type;
  }

  /** None, if nothing is said that scales. */
  private static String untyped(ConfigFile scaling) throws CheckpointException {
    for (String field : SCALES) {
      if (scaling.has(field)) {
        throw scaling.fault("rope_type is missing beside " + field);
      }
    }
    return "default";
  }

  private static Rope.Scaling yarn(ConfigFile file, ConfigFile scaling) throws CheckpointException {
    int positions = file.integer("max_position_embeddings");
    int original = original(file, scaling, positions);
    double factor = scaling.number(FACTOR, (double) positions / original);
    double m = scaling.number("mscale", 0);
    double all = scaling.number("mscale_all_dim", 0);
    double attention =
        m != 0 && all != 0
            ? Rope.Yarn.attentionFactor(factor, m) / Rope.Yarn.attentionFactor(factor, all)
            : Rope.Yarn.attentionFactor(factor, 1);
    return new Rope.Yarn(
        factor,
        original,
        scaling.number(ATTENTION, attention),
        scaling.number("beta_fast", 32),
        scaling.number("beta_slow", 1),
        scaling.flag("truncate", true));
  }

  private static Rope.Scaling longRope(ConfigFile file, ConfigFile scaling)
      throws CheckpointException {
    int positions = file.integer("max_position_embeddings");
    int original = original(file, scaling, positions);
    double factor = scaling.number(FACTOR, (double) positions / original);
    return new Rope.LongRope(
        scaling.numbers("short_factor"),
        scaling.numbers("long_factor"),
        original,
        positions,
        scaling.number(ATTENTION, Rope.LongRope.attentionFactor(factor, original)));
  }

  /** Within the scaling, or beside it as Phi-3 has it. */
  private static int original(ConfigFile file, ConfigFile scaling, int positions)
      throws CheckpointException {
    int original = scaling.integer(ORIGINAL, file.integer(ORIGINAL, positions));
    if (original < 1) {
      throw scaling.fault(ORIGINAL + " must be >= 1, but was " + original);
    }
    return original;
  }

  /** Writes what transformers 4 reads. */
  static void write(Rope rope, Architecture architecture, ObjectNode node) {
    node.put("rope_theta", rope.theta());
    if (rope.scaling() instanceof Rope.None) {
      node.putNull("rope_scaling");
    } else if (architecture == Architecture.PHI3
        && rope.scaling() instanceof Rope.LongRope rule
        && factorFollows(rule)) {
      writePhi3(rule, node);
    } else {
      write(rope.scaling(), node.putObject("rope_scaling"));
    }
  }

  private static void write(Rope.Scaling scaling, ObjectNode node) {
    if (scaling instanceof Rope.Linear linear) {
      node.put("rope_type", "linear").put(FACTOR, linear.factor());
    } else if (scaling instanceof Rope.Dynamic dynamic) {
      node.put("rope_type", "dynamic").put(FACTOR, dynamic.factor());
    } else if (scaling instanceof Rope.Llama3 llama3) {
      node.put("rope_type", "llama3")
          .put(FACTOR, llama3.factor())
          .put("low_freq_factor", llama3.lowFrequencyFactor())
          .put("high_freq_factor", llama3.highFrequencyFactor())
          .put(ORIGINAL, llama3.originalPositions());
    } else if (scaling instanceof Rope.Yarn yarn) {
      node.put("rope_type", "yarn")
          .put(FACTOR, yarn.factor())
          .put(ORIGINAL, yarn.originalPositions())
          .put(ATTENTION, yarn.attentionFactor())
          .put("beta_fast", yarn.betaFast())
          .put("beta_slow", yarn.betaSlow())
          .put("truncate", yarn.truncate());
    } else if (scaling instanceof Rope.LongRope rule) {
      node.put("rope_type", "longrope")
          .put(ORIGINAL, rule.originalPositions())
          .put(ATTENTION, rule.attentionFactor());
      put(node.putArray("short_factor"), rule.shortFactors());
      put(node.putArray("long_factor"), rule.longFactors());
    }
  }

  /** Whether the attention's factor is the one that follows from the lengths. */
  private static boolean factorFollows(Rope.LongRope rule) {
    int original = rule.originalPositions();
    double factor = (double) rule.extendedPositions() / original;
    return rule.attentionFactor() == Rope.LongRope.attentionFactor(factor, original);
  }

  /** Phi-3's class reads three fields in the scaling and no others. */
  private static void writePhi3(Rope.LongRope rule, ObjectNode node) {
    node.put(ORIGINAL, rule.originalPositions());
    ObjectNode scaling = node.putObject("rope_scaling").put("type", "longrope");
    put(scaling.putArray("short_factor"), rule.shortFactors());
    put(scaling.putArray("long_factor"), rule.longFactors());
  }

  private static void put(ArrayNode array, List<Double> numbers) {
    numbers.forEach(array::add);
  }
}
