package io.sgpo.checkpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes safetensors files, block by block: besides the header, no more than a block of any tensor
 * is held. Values are rounded to nearest, ties to even; a value that is not finite, or is not
 * finite in the dtype it is written in, is refused by name.
 *
 * <p>Files are forced to the disk but not written atomically; see {@link AtomicDirectory}.
 */
public final class SafetensorsWriter {

  /** The metadata by which readers of Hugging Face recognise PyTorch weights. */
  public static final Map<String, String> PYTORCH = Map.of("format", "pt");

  private static final int ALIGNMENT = 8;
  private static final int BLOCK_ELEMENTS = 1 << 18;

  private SafetensorsWriter() {}

  /**
   * Writes a new file. Tensors follow each other in the order given, wider element types first so
   * that each is aligned.
   *
   * @param file must not exist
   * @throws java.nio.file.FileAlreadyExistsException if it exists
   * @throws CheckpointException if a value is not finite
   * @throws IllegalArgumentException if two tensors have one name
   */
  public static void write(Path file, List<TensorSource> tensors, Map<String, String> metadata)
      throws IOException {
    requireDistinct(tensors);
    List<TensorSource> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparingInt(tensor -> -tensor.dtype().bytes()));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      writeFully(channel, ByteBuffer.wrap(header(ordered, metadata)));
      for (TensorSource tensor : ordered) {
        writeTensor(file, channel, tensor);
      }
      channel.force(true);
    }
  }

  /**
   * Writes the weights of a model folder: one {@code model.safetensors}, or, if that would exceed
   * the limit, shards in the order given with their {@code model.safetensors.index.json}.
   *
   * @param folder an existing folder without weights
   * @param maxShardBytes the most tensor bytes in a file; a single larger tensor gets a file of its
   *     own
   * @throws IllegalArgumentException if the limit is not positive or two tensors have one name
   */
  public static void writeModel(
      Path folder, List<TensorSource> tensors, Map<String, String> metadata, long maxShardBytes)
      throws IOException {
    if (maxShardBytes <= 0) {
      throw new IllegalArgumentException("maxShardBytes must be > 0, but was " + maxShardBytes);
    }
    requireDistinct(tensors);
    List<List<TensorSource>> shards = shards(tensors, maxShardBytes);
    if (shards.size() == 1) {
      write(folder.resolve(ModelWeights.SINGLE_FILE), shards.get(0), metadata);
      return;
    }
    for (int i = 0; i < shards.size(); i++) {
      write(folder.resolve(shardName(i, shards.size())), shards.get(i), metadata);
    }
    writeIndex(folder.resolve(ShardIndex.FILE_NAME), shards);
  }

  private static List<List<TensorSource>> shards(List<TensorSource> tensors, long maxShardBytes) {
    List<List<TensorSource>> shards = new ArrayList<>();
    List<TensorSource> current = new ArrayList<>();
    long bytes = 0;
    for (TensorSource tensor : tensors) {
      if (!current.isEmpty() && bytes + tensor.bytes() > maxShardBytes) {
        shards.add(current);
        current = new ArrayList<>();
        bytes = 0;
      }
      current.add(tensor);
      bytes += tensor.bytes();
    }
    shards.add(current);
    return shards;
  }

  private static String shardName(int shard, int shards) {
    return String.format("model-%05d-of-%05d.safetensors", shard + 1, shards);
  }

  private static void writeIndex(Path file, List<List<TensorSource>> shards) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (JsonGenerator json =
          StrictJson.FACTORY.createGenerator(bytes).useDefaultPrettyPrinter()) {
        json.writeStartObject();
        json.writeObjectFieldStart("metadata");
        json.writeNumberField(
            "total_size",
            shards.stream().flatMap(List::stream).mapToLong(TensorSource::bytes).sum());
        json.writeEndObject();
        json.writeObjectFieldStart("weight_map");
        for (int i = 0; i < shards.size(); i++) {
          for (TensorSource tensor : shards.get(i)) {
            json.writeStringField(tensor.name(), shardName(i, shards.size()));
          }
        }
        json.writeEndObject();
        json.writeEndObject();
      }
      writeFully(channel, ByteBuffer.wrap(bytes.toByteArray()));
      channel.force(true);
    }
  }

  /** Length and JSON, padded with spaces so that the data starts at a multiple of 8 bytes. */
  private static byte[] header(List<TensorSource> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try (JsonGenerator generator = StrictJson.FACTORY.createGenerator(json)) {
      generator.writeStartObject();
      writeMetadata(generator, metadata);
      long position = 0;
      for (TensorSource tensor : tensors) {
        writeEntry(generator, tensor, position);
        position = Math.addExact(position, tensor.bytes());
      }
      generator.writeEndObject();
    }
    byte[] text = json.toByteArray();
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = new byte[Long.BYTES + padded];
    Arrays.fill(header, (byte) ' ');
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(text);
    return header;
  }

  private static void writeMetadata(JsonGenerator json, Map<String, String> metadata)
      throws IOException {
    if (metadata.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(SafetensorsHeader.METADATA);
    for (String key : metadata.keySet().stream().sorted().toList()) {
      json.writeStringField(key, metadata.get(key));
    }
    json.writeEndObject();
  }

  private static void writeEntry(JsonGenerator json, TensorSource tensor, long begin)
      throws IOException {
    json.writeObjectFieldStart(tensor.name());
    json.writeStringField("dtype", tensor.dtype().name());
    json.writeArrayFieldStart("shape");
    for (long dimension : tensor.shape()) {
      json.writeNumber(dimension);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(begin);
    json.writeNumber(begin + tensor.bytes());
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeTensor(Path file, FileChannel channel, TensorSource tensor)
      throws IOException {
    long elements = tensor.elements();
    int blockElements = (int) Math.min(elements, BLOCK_ELEMENTS);
    float[] values = new float[blockElements];
    ByteBuffer bytes =
        ByteBuffer.allocate(blockElements * tensor.dtype().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (long first = 0; first < elements; first += blockElements) {
      int count = (int) Math.min(blockElements, elements - first);
      tensor.values().read(first, values, count);
      SafetensorsFile.requireFinite(file, tensor.name(), first, values, count);
      bytes.clear();
      for (int i = 0; i < count; i++) {
        put(file, tensor, first + i, values[i], bytes);
      }
      writeFully(channel, bytes.flip());
    }
  }

  private static void put(
      Path file, TensorSource tensor, long element, float value, ByteBuffer bytes)
      throws CheckpointException {
    if (tensor.dtype() == Dtype.F32) {
      bytes.putFloat(value);
      return;
    }
    boolean bf16 = tensor.dtype() == Dtype.BF16;
    short bits = bf16 ? HalfPrecision.toBf16(value) : HalfPrecision.toF16(value);
    float stored = bf16 ? HalfPrecision.fromBf16(bits) : HalfPrecision.fromF16(bits);
    if (!Float.isFinite(stored)) {
      throw new CheckpointException(
          file,
          tensor.name(),
          "values must be finite in "
              + tensor.dtype()
              + ", but element "
              + element
              + " was "
              + value);
    }
    bytes.putShort(bits);
  }

  private static void requireDistinct(List<TensorSource> tensors) {
    Set<String> names = new HashSet<>();
    for (TensorSource tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "tensor names must be distinct, but \"" + tensor.name() + "\" occurs twice");
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
