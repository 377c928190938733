package io.sgpo.checkpoint;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Directories that are complete or not there, durably. Contents are written to a hidden directory
 * beside the target ({@code .NAME.new}), forced to the disk, and renamed. One writer at a time per
 * target.
 *
 * <p>A crash may leave {@code .NAME.new}, which the next write removes, or, between the two renames
 * of {@link #replace}, the previous directory as {@code .NAME.old}, which {@link #restore} puts
 * back; the next write does so itself.
 */
public final class AtomicDirectory {

  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  /** Fills a directory. */
  @FunctionalInterface
  public interface Contents {

    /** Writes files into {@code directory}, which exists and is empty. */
    void writeTo(Path directory) throws IOException;
  }

  private AtomicDirectory() {}

  /**
   * Writes a new directory.
   *
   * @throws FileAlreadyExistsException if the target exists; it is not changed
   * @throws IOException if the contents cannot be written; then there is no target
   */
  public static void write(Path target, Contents contents) throws IOException {
    recover(target);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path staged = stage(target, contents);
    Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    force(parent(target));
  }

  /**
   * Writes a directory in place of the one that may be there. At every moment, a crash included,
   * either the old or the new one can be read, by its own name or after {@link #restore}.
   *
   * @param marker the name of a file by which a directory of this kind is known; a directory that
   *     holds files but not this one is something else and is not touched
   * @throws FileAlreadyExistsException if the target is something else
   * @throws IOException if the contents cannot be written; then the old directory stands
   */
  public static void replace(Path target, String marker, Contents contents) throws IOException {
    recover(target);
    requireReplaceable(target, marker);
    Path staged = stage(target, contents);
    Path old = sibling(target, ".old");
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    force(parent(target));
    delete(old);
  }

  private static void requireReplaceable(Path target, String marker) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) || Files.exists(target.resolve(marker))) {
      return;
    }
    if (Files.isDirectory(target)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
        if (!entries.iterator().hasNext()) {
          return;
        }
      }
    }
    throw new FileAlreadyExistsException(
        target.toString(), null, "is not replaced: it exists and holds no " + marker);
  }

  /**
   * Puts the previous directory back if a crash left the target missing. To be called before
   * reading a directory that {@link #replace} writes.
   *
   * @return whether the target exists now
   */
  public static boolean restore(Path target) throws IOException {
    Path old = sibling(target, ".old");
    boolean exists = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (!exists && Files.exists(old, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      force(parent(target));
      return true;
    }
    return exists;
  }

  /** For the writer only: restores, and removes what is half-written. */
  private static void recover(Path target) throws IOException {
    restore(target);
    delete(sibling(target, ".old"));
    delete(sibling(target, ".new"));
  }

  private static Path stage(Path target, Contents contents) throws IOException {
    Files.createDirectories(parent(target));
    Path staged = Files.createDirectory(sibling(target, ".new"));
    try {
      contents.writeTo(staged);
      forceTree(staged);
      return staged;
    } catch (IOException | RuntimeException | Error e) {
      deleteAfter(staged, e);
      throw e;
    }
  }

  private static void deleteAfter(Path staged, Throwable failure) {
    try {
      delete(staged);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static Path sibling(Path target, String suffix) {
    return parent(target).resolve("." + target.toAbsolutePath().getFileName() + suffix);
  }

  static Path parent(Path target) {
    return Objects.requireNonNull(
        target.toAbsolutePath().getParent(), "target must not be the root of a file system");
  }

  private static void forceTree(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
              channel.force(true);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            force(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Forces a directory's entries to the disk; Windows has no such call and needs none. */
  static void force(Path directory) throws IOException {
    if (WINDOWS) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
