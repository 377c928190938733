package io.sgpo.store;

import io.sgpo.run.RunRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock of a run directory: a lock of the operating system on {@value #NAME}, which ends with
 * the process, and within the process a set of directories, because closing any channel of a file
 * ends the process's lock on it.
 */
final class DirectoryLock implements AutoCloseable {

  static final String NAME = "run.lock";

  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * @throws RunRefusedException if somebody has it
   */
  static DirectoryLock acquire(Path root) throws IOException {
    Path directory = root.toRealPath();
    if (!HELD.add(directory)) {
      throw new RunRefusedException(
          "the run directory " + root + " is in use by another run of this process");
    }
    boolean complete = false;
    try {
      DirectoryLock lock = lock(root, directory);
      complete = true;
      return lock;
    } finally {
      if (!complete) {
        HELD.remove(directory);
      }
    }
  }

  private static DirectoryLock lock(Path root, Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(NAME),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean complete = false;
    try {
      if (channel.tryLock() == null) {
        throw new RunRefusedException(
            "the run directory " + root + " is in use by process " + owner(channel));
      }
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid), 0);
      complete = true;
      return new DirectoryLock(directory, channel);
    } finally {
      if (!complete) {
        channel.close();
      }
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    channel.read(pid, 0);
    return new String(pid.array(), 0, pid.position(), StandardCharsets.UTF_8);
  }

  /** The file stays: whoever opened it meanwhile would lock a file that is gone. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(directory);
    }
  }
}
