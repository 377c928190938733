package io.sgpo.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory of 1 MiB that can be full or read-only; needs the right to mount one. */
final class SmallDisk implements AutoCloseable {

  private static final int BYTES = 1 << 20;

  private final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  /** Mounts it on a new folder, or skips the test. */
  static SmallDisk at(Path folder) throws IOException {
    Files.createDirectory(folder);
    boolean mounted = call("mount", "-t", "tmpfs", "-o", "size=" + BYTES, "tmpfs", folder + "");
    assumeTrue(mounted, "needs the right to mount a tmpfs");
    return new SmallDisk(folder);
  }

  private static boolean call(String... command) {
    try {
      return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Path path(String name) {
    return root.resolve(name);
  }

  void readOnly(boolean value) {
    String mode = value ? "remount,ro" : "remount,rw";
    if (!call("mount", "-o", mode, root.toString())) {
      throw new IllegalStateException("cannot " + mode + " " + root);
    }
  }

  /** Leaves so many bytes free; 0 for none. */
  void fillUpTo(int free) throws IOException {
    Files.deleteIfExists(path("filler"));
    long usable = Files.getFileStore(root).getUsableSpace();
    Files.write(path("filler"), new byte[(int) Math.max(0, usable - free)]);
  }

  void makeRoom() throws IOException {
    Files.delete(path("filler"));
  }

  @Override
  public void close() {
    if (!call("umount", root.toString())) {
      throw new UncheckedIOException(new IOException("cannot unmount " + root));
    }
  }
}
