package io.sgpo.store;

import io.sgpo.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The files of a run that are appended to, with their lengths. */
final class Appended {

  private final Path root;
  private final Map<String, Long> lengths = new TreeMap<>();
  private final Set<String> dirty = new TreeSet<>();

  Appended(Path root) {
    this.root = root;
  }

  /** The length of every file, by its name. */
  Map<String, Long> lengths() {
    return Collections.unmodifiableMap(lengths);
  }

  void append(String name, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            root.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
    lengths.merge(name, (long) bytes.length, Long::sum);
    dirty.add(name);
  }

  /** Forces what was appended to the disk. */
  void force() throws IOException {
    for (String name : dirty) {
      try (FileChannel channel = FileChannel.open(root.resolve(name), StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    dirty.clear();
  }

  /**
   * Cuts the files back to these lengths; one that is not named is removed.
   *
   * @param names all files that there may be
   * @throws CheckpointException if a file is missing or shorter
   */
  void cut(Set<String> names, Map<String, Long> to) throws IOException {
    for (Map.Entry<String, Long> entry : to.entrySet()) {
      cut(root.resolve(entry.getKey()), entry.getValue());
    }
    for (String name : names) {
      if (!to.containsKey(name)) {
        Files.deleteIfExists(root.resolve(name));
      }
    }
    lengths.clear();
    lengths.putAll(to);
  }

  private static void cut(Path file, long length) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CheckpointException(file, null, "must have " + length + " bytes, but is missing");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.size() < length) {
        throw new CheckpointException(
            file, null, "must have at least " + length + " bytes, but has " + channel.size());
      }
      if (channel.size() > length) {
        channel.truncate(length);
        channel.force(true);
      }
    }
  }
}
