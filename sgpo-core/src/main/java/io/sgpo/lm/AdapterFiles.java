package io.sgpo.lm;

import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.checkpoint.SafetensorsFile;
import io.sgpo.checkpoint.SafetensorsWriter;
import io.sgpo.checkpoint.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An adapter's folder in PEFT's layout, open for reading. */
final class AdapterFiles implements AutoCloseable {

  static final String TENSORS = "adapter_model.safetensors";

  private static final Pattern TENSOR =
      Pattern.compile(Pattern.quote(AdapterLayout.PREFIX) + "(.+)\\.lora_[AB]\\.weight");

  private final Path folder;
  private final SafetensorsFile tensors;

  private AdapterFiles(Path folder, SafetensorsFile tensors) {
    this.folder = folder;
    this.tensors = tensors;
  }

  static AdapterFiles open(Path folder) throws IOException {
    return new AdapterFiles(folder, SafetensorsFile.open(folder.resolve(TENSORS)));
  }

  /**
   * Checks that the tensors are those that the configuration asks for in a model.
   *
   * @return the adapter's options
   * @throws CheckpointException naming the field or the tensor at fault
   */
  LoraOptions check(WeightLayout layout) throws IOException {
    LoraOptions options = AdapterConfig.read(folder, modules(), layout.turned());
    Set<String> unknown = new TreeSet<>(tensors.tensors().keySet());
    for (WeightLayout.Slot slot : adapted(layout, options).slots()) {
      requireShape(slot);
      tensors.requireFinite(slot.name());
      unknown.remove(slot.name());
    }
    for (String name : unknown) {
      throw new CheckpointException(
          tensors.path(),
          name,
          "is not a tensor of the adapter that " + AdapterConfig.NAME + " describes");
    }
    return options;
  }

  /** The layers that have tensors, or one that no model has if there are none. */
  private Set<String> modules() throws CheckpointException {
    Set<String> modules = new TreeSet<>();
    for (String name : tensors.tensors().keySet()) {
      Matcher matcher = TENSOR.matcher(name);
      if (matcher.matches()) {
        modules.add(matcher.group(1));
      }
    }
    if (modules.isEmpty()) {
      throw new CheckpointException(
          tensors.path(),
          null,
          "must hold tensors named like base_model.model.….lora_A.weight, but holds none");
    }
    return modules;
  }

  private AdapterLayout adapted(WeightLayout layout, LoraOptions options)
      throws CheckpointException {
    try {
      return new AdapterLayout(layout, options);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          folder.resolve(AdapterConfig.NAME), null, "target_modules: " + e.getMessage(), e);
    }
  }

  private void requireShape(WeightLayout.Slot slot) throws CheckpointException {
    List<Long> shape = tensors.tensor(slot.name()).shape();
    if (!shape.equals(slot.shape())) {
      throw new CheckpointException(
          tensors.path(),
          slot.name(),
          "shape must be %s (by r of %s and the model), but was %s"
              .formatted(slot.shape(), AdapterConfig.NAME, shape));
    }
  }

  /** Reads the tensors into the decoder's adapter. */
  void load(Decoder decoder) throws IOException {
    for (Decoder.Parameter parameter : decoder.parameters()) {
      String name = parameter.slot().name();
      WeightFiles.copy(
          parameter.slot().elements(),
          decoder,
          parameter.array(),
          (first, into, count) -> tensors.readFloats(name, first, into, 0, count));
    }
  }

  /** Writes an adapter's two files, the tensors in the order of their names. */
  static void write(Decoder decoder, Adapter adapter, @Nullable String baseName, Path folder)
      throws IOException {
    boolean turned = decoder.layout().turned();
    AdapterConfig.write(adapter.layout().options(), baseName, turned, folder);
    List<TensorSource> sources =
        adapter.parameters().stream()
            .map(tensor -> WeightFiles.source(decoder, tensor.slot().name(), tensor))
            .sorted(Comparator.comparing(TensorSource::name))
            .toList();
    SafetensorsWriter.write(folder.resolve(TENSORS), sources, SafetensorsWriter.PYTORCH);
  }

  @Override
  public void close() throws IOException {
    tensors.close();
  }
}
