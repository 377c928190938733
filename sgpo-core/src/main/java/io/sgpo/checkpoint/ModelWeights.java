package io.sgpo.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a Hugging Face model folder: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. Safe for use by several threads; whoever opened it closes
 * it.
 */
public final class ModelWeights implements AutoCloseable {

  static final String SINGLE_FILE = "model.safetensors";

  private final Path folder;
  private final Map<String, SafetensorsFile> files;
  private final Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();

  private ModelWeights(Path folder, Map<String, SafetensorsFile> files) {
    this.folder = folder;
    this.files = files;
  }

  /**
   * Opens a model folder and checks the headers of all its files.
   *
   * @throws CheckpointException if there are no weights, or a file or the index is malformed, a
   *     shard is missing, superfluous, or does not hold what the index says
   */
  public static ModelWeights open(Path modelDir) throws IOException {
    ModelWeights weights = new ModelWeights(modelDir, new LinkedHashMap<>());
    try {
      weights.openFiles();
      return weights;
    } catch (IOException | RuntimeException | Error e) {
      weights.closeAfter(e);
      throw e;
    }
  }

  private void openFiles() throws IOException {
    Path index = folder.resolve(ShardIndex.FILE_NAME);
    Path single = folder.resolve(SINGLE_FILE);
    if (Files.exists(index) && Files.exists(single)) {
      throw new CheckpointException(
          folder,
          null,
          "must hold either " + SINGLE_FILE + " or " + ShardIndex.FILE_NAME + ", but holds both");
    }
    if (Files.exists(index)) {
      openShards(index, ShardIndex.read(index));
    } else if (Files.exists(single)) {
      SafetensorsFile file = openFile(SINGLE_FILE);
      file.tensors().keySet().forEach(name -> byTensor.put(name, file));
    } else {
      throw new CheckpointException(
          folder,
          null,
          "must hold " + SINGLE_FILE + " or " + ShardIndex.FILE_NAME + ", but holds neither");
    }
  }

  private void openShards(Path index, Map<String, String> shardOf) throws IOException {
    for (String shard : new LinkedHashSet<>(shardOf.values())) {
      openFile(shard);
    }
    requireNoOtherShard(index);
    for (Map.Entry<String, String> entry : shardOf.entrySet()) {
      SafetensorsFile file = shard(entry.getValue());
      file.tensor(entry.getKey());
      byTensor.put(entry.getKey(), file);
    }
    for (SafetensorsFile file : files.values()) {
      for (String tensor : file.tensors().keySet()) {
        requireIndexed(index, file, tensor);
      }
    }
  }

  private void requireIndexed(Path index, SafetensorsFile file, String tensor)
      throws CheckpointException {
    SafetensorsFile owner = byTensor.get(tensor);
    if (owner == null) {
      throw new CheckpointException(
          index, tensor, "must be in weight_map, but only " + file.path() + " has it");
    }
    if (owner != file) {
      throw new CheckpointException(
          index,
          tensor,
          "must be in one shard, but " + owner.path() + " and " + file.path() + " have it");
    }
  }

  private void requireNoOtherShard(Path index) throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(folder, "model-*-of-*.safetensors")) {
      for (Path path : found) {
        if (!files.containsKey(String.valueOf(path.getFileName()))) {
          throw new CheckpointException(
              index, null, "every shard of the folder must be in weight_map, but not " + path);
        }
      }
    }
  }

  private SafetensorsFile openFile(String name) throws IOException {
    SafetensorsFile file = SafetensorsFile.open(folder.resolve(name));
    files.put(name, file);
    return file;
  }

  private SafetensorsFile shard(String name) {
    SafetensorsFile file = files.get(name);
    if (file == null) {
      throw new IllegalStateException("shard " + name + " was not opened");
    }
    return file;
  }

  /** The names of all tensors. */
  public Set<String> names() {
    return Collections.unmodifiableSet(byTensor.keySet());
  }

  /**
   * The tensor of that name; its offsets are those in its own file.
   *
   * @throws CheckpointException if there is none
   */
  public TensorInfo info(String name) throws CheckpointException {
    return fileOf(name).tensor(name);
  }

  /** As {@link SafetensorsFile#readFloats}, from whichever file holds the tensor. */
  public void readFloats(String name, long firstElement, float[] into, int offset, int count)
      throws IOException {
    fileOf(name).readFloats(name, firstElement, into, offset, count);
  }

  /** As {@link SafetensorsFile#readFinite}, from whichever file holds the tensor. */
  public void readFinite(String name, long firstElement, float[] into, int count)
      throws IOException {
    fileOf(name).readFinite(name, firstElement, into, count);
  }

  /** As {@link SafetensorsFile#requireFinite(String)}. */
  public void requireFinite(String name) throws IOException {
    fileOf(name).requireFinite(name);
  }

  private SafetensorsFile fileOf(String name) throws CheckpointException {
    SafetensorsFile file = byTensor.get(name);
    if (file == null) {
      throw new CheckpointException(folder, name, "is missing");
    }
    return file;
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (SafetensorsFile file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
