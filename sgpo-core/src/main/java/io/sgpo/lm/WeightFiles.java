package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.checkpoint.Dtype;
import io.sgpo.checkpoint.ModelWeights;
import io.sgpo.checkpoint.SafetensorsWriter;
import io.sgpo.checkpoint.TensorInfo;
import io.sgpo.checkpoint.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A decoder's weights to and from the safetensors of a Hugging Face folder. */
final class WeightFiles {

  /** Buffers that old checkpoints stored beside the weights; they follow from the configuration. */
  private static final List<String> DERIVED =
      List.of("rotary_emb.inv_freq", ".attn.bias", ".attn.masked_bias");

  /** What the published GPT-2 leaves out before the names of its tensors. */
  private static final String PREFIX = "transformer.";

  private WeightFiles() {}

  /**
   * Checks that a folder's tensors are those of the layout.
   *
   * @throws CheckpointException naming the tensor that is missing, superfluous or misshapen
   */
  static void check(Path folder, ModelWeights weights, ModelConfig config, WeightLayout layout)
      throws IOException {
    Set<String> unknown = new HashSet<>(weights.names());
    for (WeightLayout.Slot slot : layout.slots()) {
      if (slot.present()) {
        requirePresent(folder, weights, slot);
        String name = onFile(weights, slot);
        requireShape(folder, weights.info(name), slot, config);
        unknown.remove(name);
      }
    }
    unknown.removeIf(name -> DERIVED.stream().anyMatch(name::endsWith));
    if (layout.headIsEmbedding() && unknown.remove(WeightLayout.HEAD)) {
      requireTied(folder, weights, layout);
    }
    if (!unknown.isEmpty()) {
      String name = unknown.stream().sorted().findFirst().orElseThrow();
      throw new CheckpointException(
          folder, name, "is not a tensor of a " + config.architecture() + " of this config.json");
    }
  }

  /** A head on file beside a tied embedding must be its copy; which one to believe is not ours. */
  private static void requireTied(Path folder, ModelWeights weights, WeightLayout layout)
      throws IOException {
    TensorInfo embedding = weights.info(onFile(weights, layout.embedding()));
    TensorInfo head = weights.info(WeightLayout.HEAD);
    String rule = "must equal %s, since tie_word_embeddings of config.json is true, but ";
    if (!head.shape().equals(embedding.shape())) {
      throw new CheckpointException(
          folder,
          head.name(),
          rule.formatted(embedding.name())
              + "their shapes were %s and %s".formatted(head.shape(), embedding.shape()));
    }
    long elements = head.shape().stream().reduce(1L, (a, b) -> a * b);
    float[] ours = new float[(int) Math.min(elements, Tensors.BLOCK)];
    float[] theirs = new float[ours.length];
    for (long first = 0; first < elements; first += ours.length) {
      int count = (int) Math.min(ours.length, elements - first);
      weights.readFloats(head.name(), first, ours, 0, count);
      weights.readFloats(embedding.name(), first, theirs, 0, count);
      int differing = Arrays.mismatch(ours, 0, count, theirs, 0, count);
      if (differing >= 0) {
        throw new CheckpointException(
            folder,
            head.name(),
            rule.formatted(embedding.name())
                + "element %d was %s and not %s"
                    .formatted(first + differing, ours[differing], theirs[differing]));
      }
    }
  }

  private static void requirePresent(Path folder, ModelWeights weights, WeightLayout.Slot slot)
      throws CheckpointException {
    if (weights.names().contains(onFile(weights, slot))) {
      return;
    }
    throw new CheckpointException(folder, slot.name(), "is missing" + remark(slot));
  }

  /** A tensor's name, or that without the prefix if only this is there. */
  private static String onFile(ModelWeights weights, WeightLayout.Slot slot) {
    String bare = slot.name().startsWith(PREFIX) ? slot.name().substring(PREFIX.length()) : "";
    return !weights.names().contains(slot.name()) && weights.names().contains(bare)
        ? bare
        : slot.name();
  }

  private static String remark(WeightLayout.Slot slot) {
    return switch (slot.name()) {
      case WeightLayout.HEAD -> ", though tie_word_embeddings of config.json is false";
      case WeightLayout.SCORE -> "; a language model becomes a reward model by training";
      default -> "";
    };
  }

  private static void requireShape(
      Path folder, TensorInfo info, WeightLayout.Slot slot, ModelConfig config)
      throws CheckpointException {
    if (info.shape().equals(slot.shape())) {
      return;
    }
    boolean rows =
        info.shape().size() == 2
            && slot.shape().get(0) == config.vocabularySize()
            && !info.shape().get(0).equals(slot.shape().get(0));
    throw new CheckpointException(
        folder,
        info.name(),
        "shape must be %s%s, but was %s"
            .formatted(slot.shape(), rows ? " (vocab_size rows)" : "", info.shape()));
  }

  /**
   * Reads all weights into the decoder, in the type it computes in; NaN and infinity are refused.
   */
  static void load(ModelWeights weights, Decoder decoder) throws IOException {
    float[] block = new float[Tensors.BLOCK];
    for (int place : decoder.layout().places()) {
      load(weights, decoder, place, block);
    }
  }

  /** The same for all weights but the head. */
  static void loadBody(ModelWeights weights, Decoder decoder) throws IOException {
    float[] block = new float[Tensors.BLOCK];
    for (int place : decoder.layout().places()) {
      if (place != WeightLayout.HEAD_PLACE) {
        load(weights, decoder, place, block);
      }
    }
  }

  private static void load(ModelWeights weights, Decoder decoder, int place, float[] block)
      throws IOException {
    WeightLayout.Slot slot = decoder.layout().slots().get(place);
    String name = onFile(weights, slot);
    copy(
        slot.elements(),
        block,
        decoder,
        decoder.weight(place),
        (first, into, count) -> weights.readFinite(name, first, into, count));
  }

  /** Fills a native tensor block by block. */
  static void copy(long elements, Decoder decoder, NDArray target, TensorSource.Values values)
      throws IOException {
    float[] block = new float[(int) Math.min(elements, Tensors.BLOCK)];
    copy(elements, block, decoder, target, values);
  }

  private static void copy(
      long elements, float[] block, Decoder decoder, NDArray target, TensorSource.Values values)
      throws IOException {
    for (long first = 0; first < elements; first += block.length) {
      int count = (int) Math.min(block.length, elements - first);
      values.read(first, block, count);
      decoder.write(target, first, block, count);
    }
  }

  /** Writes all weights, with the adapter merged into them. */
  static void save(Decoder decoder, ExportOptions options, Path folder) throws IOException {
    List<TensorSource> sources = new ArrayList<>();
    for (TensorSource tensor : MergedWeights.of(decoder)) {
      Dtype dtype = options.dtype().onFile();
      sources.add(new TensorSource(tensor.name(), dtype, tensor.shape(), tensor.values()));
    }
    SafetensorsWriter.writeModel(
        folder, sources, SafetensorsWriter.PYTORCH, options.maxShardBytes());
  }

  /** The weights under their names, without an adapter. */
  static List<TensorSource> sources(Decoder decoder) {
    List<TensorSource> sources = new ArrayList<>();
    for (Decoder.Parameter weight : decoder.weights()) {
      sources.add(source(decoder, weight.slot().name(), weight));
    }
    return sources;
  }

  static TensorSource source(Decoder decoder, String name, Decoder.Parameter tensor) {
    return new TensorSource(
        name,
        Dtype.F32,
        tensor.slot().shape(),
        (first, into, count) -> decoder.read(tensor.array(), first, into, count));
  }
}
