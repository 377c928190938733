package io.sgpo.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are complete or not there, durably. One writer at a time per file. */
public final class AtomicFile {

  /** Writes a file's bytes. */
  @FunctionalInterface
  public interface Contents {

    /**
     * Writes everything to {@code out}, flushing what it wraps around it, and does not close it.
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file in place of the one that may be there: to {@code .NAME.new} beside it, forced to
   * the disk, then renamed.
   *
   * @throws IOException if it cannot be written; then what was there stands
   */
  public static void write(Path target, Contents contents) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path staged = absolute.resolveSibling("." + absolute.getFileName() + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              staged,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        contents.writeTo(Channels.newOutputStream(channel));
        channel.force(true);
      }
      Files.move(
          staged, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException | Error e) {
      Files.deleteIfExists(staged);
      throw e;
    }
    AtomicDirectory.force(AtomicDirectory.parent(absolute));
  }
}
