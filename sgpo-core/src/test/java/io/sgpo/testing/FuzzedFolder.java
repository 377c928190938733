package io.sgpo.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A folder of files whose bytes a fuzzer chooses, and the bound on what reading them may allocate.
 */
public final class FuzzedFolder {

  /** What a read may allocate whatever the size of the file: the parser's buffers. */
  private static final long BASE_BYTES = 1 << 20;

  /** A tensor of 45 bytes of header becomes about ten small objects. */
  private static final long BYTES_PER_BYTE = 64;

  /** What reads the files. */
  @FunctionalInterface
  public interface Reading {
    void run(Path folder) throws IOException;
  }

  private final Path folder;
  private long written;

  /** A new temporary folder. */
  public FuzzedFolder(String name) {
    try {
      folder = Files.createTempDirectory(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    folder.toFile().deleteOnExit();
  }

  /** Writes a file, in place of the last one of that name. */
  public void write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, bytes);
    file.toFile().deleteOnExit();
    written += bytes.length;
  }

  /** Lets others write; what is then in the folder counts as written. */
  public void fill(Reading writing) throws IOException {
    writing.run(folder);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        file.toFile().deleteOnExit();
        written += Files.size(file);
      }
    }
  }

  /** Deletes a file, if it is there. */
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  /**
   * Reads what was written since the last reading; twice, if the first time it allocates more than
   * it may, since the JVM itself allocates when code runs for the first time.
   *
   * @throws AssertionError if that allocates more than a constant times what was written
   */
  public void read(Reading reading) throws IOException {
    long limit = BASE_BYTES + BYTES_PER_BYTE * written;
    written = 0;
    if (allocatedBy(reading) > limit) {
      long allocated = allocatedBy(reading);
      require(allocated <= limit, "must allocate <= " + limit + " bytes, but was " + allocated);
    }
  }

  private long allocatedBy(Reading reading) throws IOException {
    long before = allocated();
    reading.run(folder);
    return allocated() - before;
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /**
   * @throws AssertionError if the condition does not hold
   */
  public static void require(boolean condition, String rule) {
    if (!condition) {
      throw new AssertionError(rule);
    }
  }
}
