package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.checkpoint.SafetensorsFile;
import io.sgpo.checkpoint.SafetensorsWriter;
import io.sgpo.checkpoint.TensorSource;
import io.sgpo.policy.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trained tensors, moments, step count and settings of the optimizer in one safetensors file; of an
 * adapter also the hash of the weights that it belongs to.
 */
final class StateFile {

  static final String NAME = "state.safetensors";

  /** That of a follower's own adapter, beside the leader's. */
  static final String FOLLOWER = "follower.safetensors";

  private static final String WEIGHT = "weight.";
  private static final String FIRST = "first_moment.";
  private static final String SECOND = "second_moment.";

  private static final String BASE = "base";
  private static final String ALPHA = "lora_alpha";
  private static final String RANK_STABILIZED = "use_rslora";
  private static final String STEP = "step";
  private static final String BETA1 = "beta1";
  private static final String BETA2 = "beta2";
  private static final String EPSILON = "epsilon";
  private static final String WEIGHT_DECAY = "weight_decay";

  private StateFile() {}

  static void write(Trainee trainee, Path path) throws IOException {
    Decoder decoder = trainee.decoder();
    Optimizer optimizer = trainee.optimizer();
    List<TensorSource> tensors = new ArrayList<>();
    List<Decoder.Parameter> parameters = decoder.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      tensors.add(source(decoder, WEIGHT, parameters.get(i).slot(), parameters.get(i).array()));
      if (optimizer.step() > 0) {
        WeightLayout.Slot slot = parameters.get(i).slot();
        tensors.add(source(decoder, FIRST, slot, optimizer.first().get(i)));
        tensors.add(source(decoder, SECOND, slot, optimizer.second().get(i)));
      }
    }
    SafetensorsWriter.write(path, tensors, metadata(decoder, optimizer));
  }

  private static TensorSource source(
      Decoder decoder, String group, WeightLayout.Slot slot, NDArray array) {
    return WeightFiles.source(decoder, group + slot.name(), new Decoder.Parameter(slot, array));
  }

  private static Map<String, String> metadata(Decoder decoder, Optimizer optimizer) {
    AdamW settings = optimizer.settings();
    Map<String, String> metadata = new TreeMap<>();
    if (decoder.adapter() != null) {
      metadata.putAll(adapter(decoder, decoder.adapter()));
    }
    metadata.put(STEP, Long.toString(optimizer.step()));
    metadata.put(BETA1, Double.toString(settings.beta1()));
    metadata.put(BETA2, Double.toString(settings.beta2()));
    metadata.put(EPSILON, Double.toString(settings.epsilon()));
    metadata.put(WEIGHT_DECAY, Double.toString(settings.weightDecay()));
    return metadata;
  }

  /** What the tensors do not say of an adapter. */
  private static Map<String, String> adapter(Decoder decoder, Adapter adapter) {
    LoraOptions options = adapter.layout().options();
    return Map.of(
        BASE, decoder.baseDigest(),
        ALPHA, Double.toString(options.alpha()),
        RANK_STABILIZED, Boolean.toString(options.rankStabilized()));
  }

  /** Checks the whole file, then takes it over. */
  static void read(Trainee trainee, Path path) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      check(path, file, trainee.decoder());
      long step = step(path, file);
      trainee.optimizer().restore(settings(path, file), step);
      fill(file, trainee.decoder(), trainee.optimizer(), step > 0);
    }
  }

  /** Only checks the file. */
  static void check(Trainee trainee, Path path) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      check(path, file, trainee.decoder());
    }
  }

  private static void check(Path path, SafetensorsFile file, Decoder decoder) throws IOException {
    long step = step(path, file);
    settings(path, file);
    requireAdapter(path, file, decoder);
    List<String> groups = step > 0 ? List.of(WEIGHT, FIRST, SECOND) : List.of(WEIGHT);
    check(path, file, decoder.parameters(), groups);
  }

  private static void requireAdapter(Path path, SafetensorsFile file, Decoder decoder)
      throws CheckpointException {
    if (decoder.adapter() == null) {
      return;
    }
    for (Map.Entry<String, String> entry : adapter(decoder, decoder.adapter()).entrySet()) {
      String found = file.metadata().get(entry.getKey());
      if (!entry.getValue().equals(found)) {
        throw new CheckpointException(
            path,
            null,
            "must be the state of an adapter whose %s is %s, but was %s"
                .formatted(
                    entry.getKey().equals(BASE) ? "base weights' digest" : entry.getKey(),
                    entry.getValue(),
                    found));
      }
    }
  }

  private static void check(
      Path path, SafetensorsFile file, List<Decoder.Parameter> parameters, List<String> groups)
      throws IOException {
    int expected = 0;
    for (Decoder.Parameter parameter : parameters) {
      WeightLayout.Slot slot = parameter.slot();
      for (String group : groups) {
        String name = group + slot.name();
        if (!file.tensor(name).shape().equals(slot.shape())) {
          throw new CheckpointException(
              path,
              name,
              "shape must be %s, but was %s".formatted(slot.shape(), file.tensor(name).shape()));
        }
        file.requireFinite(name);
        expected++;
      }
    }
    if (file.tensors().size() != expected) {
      throw new CheckpointException(
          path,
          null,
          "must hold %d tensors, but holds %d".formatted(expected, file.tensors().size()));
    }
  }

  private static void fill(
      SafetensorsFile file, Decoder decoder, Optimizer optimizer, boolean moments)
      throws IOException {
    List<Decoder.Parameter> parameters = decoder.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      WeightLayout.Slot slot = parameters.get(i).slot();
      fill(file, WEIGHT, slot, decoder, parameters.get(i).array());
      if (moments) {
        fill(file, FIRST, slot, decoder, optimizer.first().get(i));
        fill(file, SECOND, slot, decoder, optimizer.second().get(i));
      }
    }
    decoder.refresh();
  }

  private static void fill(
      SafetensorsFile file, String group, WeightLayout.Slot slot, Decoder decoder, NDArray target)
      throws IOException {
    WeightFiles.copy(
        slot.elements(),
        decoder,
        target,
        (first, into, count) -> file.readFloats(group + slot.name(), first, into, 0, count));
  }

  private static long step(Path path, SafetensorsFile file) throws CheckpointException {
    double step = number(path, file, STEP);
    if (!(step >= 0) || step != Math.rint(step)) {
      throw new CheckpointException(path, null, STEP + " must be a count, but was " + step);
    }
    return (long) step;
  }

  private static AdamW settings(Path path, SafetensorsFile file) throws CheckpointException {
    try {
      return new AdamW(
          number(path, file, BETA1),
          number(path, file, BETA2),
          number(path, file, EPSILON),
          number(path, file, WEIGHT_DECAY));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(path, null, String.valueOf(e.getMessage()), e);
    }
  }

  private static double number(Path path, SafetensorsFile file, String name)
      throws CheckpointException {
    String text = file.metadata().get(name);
    if (text == null) {
      throw new CheckpointException(path, null, "metadata " + name + " is missing");
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new CheckpointException(
          path, null, "metadata " + name + " must be a number, but was \"" + text + "\"", e);
    }
  }
}
