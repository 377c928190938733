package io.sgpo.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together by hand. */
final class SafetensorsFiles {

  private SafetensorsFiles() {}

  static Path write(Path file, String header, int dataBytes) throws IOException {
    return write(file, header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  static Path write(Path file, byte[] header, int dataBytes) throws IOException {
    return Files.write(file, bytes(header.length, header, dataBytes));
  }

  static byte[] bytes(long length, byte[] header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header)
        .array();
  }

  /** The entry of a tensor in a header. */
  static String entry(String name, String dtype, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, dtype, shape, offsets);
  }
}
