package io.sgpo.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, open for reading. The header is checked completely when the file is opened;
 * no byte of a tensor is read before it is asked for, and nothing larger than the header and a
 * block is ever allocated. Files and tensors may exceed 2 GiB.
 *
 * <p>Reads are positional and not mapped, so a file that shrinks while it is open ends in an
 * exception and not in a crash of the JVM. Safe for use by several threads.
 */
public final class SafetensorsFile implements AutoCloseable {

  /** The format's limit on the header. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = 8;
  private static final int BLOCK_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;
  private final AtomicReference<@Nullable ByteBuffer> spare = new AtomicReference<>();

  private SafetensorsFile(
      Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws CheckpointException if the file breaks the format, naming the rule and the value found
   * @throws IOException if the file cannot be read
   */
  public static SafetensorsFile open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new CheckpointException(
          path, null, "must be a file, but is missing or no regular file");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      long headerBytes = readHeaderLength(path, channel);
      long dataStart = LENGTH_BYTES + headerBytes;
      ByteBuffer json = ByteBuffer.allocate((int) headerBytes);
      readFully(path, channel, json, LENGTH_BYTES);
      SafetensorsHeader header =
          SafetensorsHeader.parse(path, json.array(), channel.size() - dataStart);
      return new SafetensorsFile(path, channel, header, dataStart);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static long readHeaderLength(Path path, FileChannel channel) throws IOException {
    long fileBytes = channel.size();
    if (fileBytes < LENGTH_BYTES) {
      throw new CheckpointException(
          path, null, "must hold at least 8 bytes, but holds " + fileBytes);
    }
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(path, channel, length, 0);
    long headerBytes = length.getLong(0);
    if (headerBytes < 1 || headerBytes > MAX_HEADER_BYTES) {
      throw new CheckpointException(
          path,
          null,
          "the header length must be in 1.."
              + MAX_HEADER_BYTES
              + ", but was "
              + Long.toUnsignedString(headerBytes));
    }
    if (headerBytes > fileBytes - LENGTH_BYTES) {
      throw new CheckpointException(
          path,
          null,
          "the header must lie within the file of "
              + fileBytes
              + " bytes, but its length was "
              + headerBytes);
    }
    return headerBytes;
  }

  public Path path() {
    return path;
  }

  /** The tensors by name, in the order of the header. */
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(header.tensors());
  }

  /** The texts under {@code __metadata__}; empty if there are none. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /**
   * The tensor of that name.
   *
   * @throws CheckpointException if there is none
   */
  public TensorInfo tensor(String name) throws CheckpointException {
    TensorInfo info = header.tensors().get(name);
    if (info == null) {
      throw new CheckpointException(path, name, "is missing");
    }
    return info;
  }

  /**
   * Reads consecutive elements in row-major order, widened exactly to float. The values are not
   * checked; see {@link #requireFinite}.
   *
   * @param name the tensor
   * @param firstElement index of the first element to read
   * @param into where the elements go
   * @param offset index in {@code into} of the first of them
   * @param count how many elements
   * @throws CheckpointException if there is no such tensor, its dtype is not F32, F16 or BF16, or
   *     the file has become shorter
   * @throws IndexOutOfBoundsException if the range leaves the tensor or the array
   */
  public void readFloats(String name, long firstElement, float[] into, int offset, int count)
      throws IOException {
    TensorInfo info = tensor(name);
    requireReadable(info);
    Objects.checkFromIndexSize(firstElement, count, info.elements());
    Objects.checkFromIndexSize(offset, count, into.length);
    inBlocks(
        info,
        firstElement,
        count,
        (first, block) -> widen(info.dtype(), block, into, offset + (int) (first - firstElement)));
  }

  /**
   * The same to the start of an array, each checked as it is read.
   *
   * @throws CheckpointException also for the first NaN or infinity, naming its index
   */
  public void readFinite(String name, long firstElement, float[] into, int count)
      throws IOException {
    readFloats(name, firstElement, into, 0, count);
    requireFinite(path, name, firstElement, into, count);
  }

  /** Takes a part of a tensor. */
  private interface Part {
    /**
     * @param first the index of its first element
     */
    void take(long first, ByteBuffer elements) throws CheckpointException;
  }

  /** Reads elements through one block, which is kept for the next call: files are large. */
  private void inBlocks(TensorInfo info, long firstElement, long count, Part part)
      throws IOException {
    int size = info.dtype().bytes();
    int blockElements = (int) Math.min(count, BLOCK_BYTES / size);
    ByteBuffer kept = spare.getAndSet(null);
    ByteBuffer block =
        kept != null && kept.capacity() >= blockElements * size
            ? kept
            : ByteBuffer.allocate(blockElements * size).order(ByteOrder.LITTLE_ENDIAN);
    for (long done = 0; done < count; done += blockElements) {
      int elements = (int) Math.min(blockElements, count - done);
      block.clear().limit(elements * size);
      long position = dataStart + info.begin() + (firstElement + done) * size;
      readFully(path, channel, block, position);
      part.take(firstElement + done, block.flip());
    }
    spare.set(block);
  }

  /**
   * Checks that every element of a tensor is finite.
   *
   * @throws CheckpointException for the first NaN or infinity, naming its index
   */
  public void requireFinite(String name) throws IOException {
    TensorInfo info = tensor(name);
    requireReadable(info);
    inBlocks(info, 0, info.elements(), (first, block) -> requireFinite(info, first, block));
  }

  private void requireFinite(TensorInfo info, long first, ByteBuffer block)
      throws CheckpointException {
    int count = block.remaining() / info.dtype().bytes();
    for (int i = 0; i < count; i++) {
      float value = element(info.dtype(), block, i);
      if (!Float.isFinite(value)) {
        throw notFinite(path, info.name(), first + i, value);
      }
    }
  }

  static void requireFinite(Path path, String name, long first, float[] values, int count)
      throws CheckpointException {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw notFinite(path, name, first + i, values[i]);
      }
    }
  }

  private static CheckpointException notFinite(Path path, String name, long index, float value) {
    return new CheckpointException(
        path, name, "values must be finite, but element " + index + " was " + value);
  }

  private void requireReadable(TensorInfo info) throws CheckpointException {
    if (!info.dtype().isReadable()) {
      throw new CheckpointException(
          path, info.name(), "dtype must be F32, F16 or BF16 to be read, but was " + info.dtype());
    }
  }

  private static void widen(Dtype dtype, ByteBuffer block, float[] into, int offset) {
    int count = block.remaining() / dtype.bytes();
    if (dtype == Dtype.F32) {
      block.asFloatBuffer().get(into, offset, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      into[offset + i] = element(dtype, block, i);
    }
  }

  private static float element(Dtype dtype, ByteBuffer block, int index) {
    if (dtype == Dtype.F32) {
      return block.getFloat(Float.BYTES * index);
    }
    short bits = block.getShort(Short.BYTES * index);
    return dtype == Dtype.BF16 ? HalfPrecision.fromBf16(bits) : HalfPrecision.fromF16(bits);
  }

  private static void readFully(Path path, FileChannel channel, ByteBuffer into, long position)
      throws IOException {
    while (into.hasRemaining()) {
      int read = channel.read(into, position);
      if (read < 0) {
        throw new CheckpointException(
            path, null, "must not change while it is read, but ends before byte " + position);
      }
      position += read;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
