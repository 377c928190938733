package io.sgpo.checkpoint;

import io.sgpo.testing.FuzzedFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Fuzz target of the safetensors reader: any bytes are read completely, or end in a {@link
 * CheckpointException} that names the file. The first byte says what the others are: 255 for a
 * whole file; else for a header, before which its length is put and after which so many bytes of
 * data, so that the fuzzer need not learn to count.
 */
public final class SafetensorsFuzz {

  private static final int WHOLE_FILE = 255;
  private static final String NAME = "model.safetensors";
  private static final FuzzedFolder FOLDER = new FuzzedFolder("safetensors");

  private SafetensorsFuzz() {}

  /** Called by Jazzer first: loads the classes, which it counts against no input. */
  public static void fuzzerInitialize() throws IOException {
    fuzzerTestOneInput(new byte[] {0, '{', '}'});
  }

  /** Called by Jazzer for every input. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    FOLDER.write(NAME, file(input));
    FOLDER.read(folder -> read(folder.resolve(NAME)));
  }

  static byte[] file(byte[] input) {
    if (input.length == 0) {
      return input;
    }
    int data = input[0] & 0xFF;
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    return data == WHOLE_FILE
        ? rest
        : ByteBuffer.allocate(Long.BYTES + rest.length + data)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(rest.length)
            .put(rest)
            .array();
  }

  private static void read(Path path) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      long tensors = 0;
      for (TensorInfo info : file.tensors().values()) {
        tensors += info.end() - info.begin();
        readTensor(file, info);
      }
      FuzzedFolder.require(tensors <= Files.size(path), "tensors must lie within the file");
    } catch (CheckpointException e) {
      FuzzedFolder.require(e.file().equals(path), "the refusal must name the file");
      FuzzedFolder.require(e.getMessage().contains(NAME), "the message must name the file");
    }
  }

  private static void readTensor(SafetensorsFile file, TensorInfo info) throws IOException {
    FuzzedFolder.require(
        info.elements() == TensorInfo.elements(info.shape()), "elements must be those of shape");
    if (info.dtype().isReadable()) {
      int count = (int) info.elements();
      file.readFloats(info.name(), 0, new float[count], 0, count);
      file.requireFinite(info.name());
    }
  }
}
