package io.sgpo.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import io.sgpo.data.DataException;
import io.sgpo.preference.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts by the digest of what was asked, in memory or also in a file of JSON Lines to which
 * verdicts are only ever appended: {@code {"key": …, "probability": …}} or {@code {"key": …,
 * "abstention": …}}. Failures are not kept: they may pass.
 *
 * <p>Several runs and processes may share a file; each sees what was in it when it was opened and
 * what itself adds. A line is written by one call under the file's lock. What a crash left of a
 * last line is cut off when the file is next opened. Thread-safe; whoever opened it closes it.
 */
public final class VerdictCache implements AutoCloseable {

  private static final String KEY = "key";
  private static final String PROBABILITY = "probability";
  private static final String ABSTENTION = "abstention";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Verdict> verdicts = new ConcurrentHashMap<>();
  private final @Nullable FileChannel channel;

  /** An interrupt would close the channel, so a thread that nobody interrupts writes. */
  private final @Nullable ExecutorService writer;

  private VerdictCache(@Nullable FileChannel channel) {
    this.channel = channel;
    this.writer = channel == null ? null : Executors.newSingleThreadExecutor(VerdictCache::daemon);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "sgpo-judge-cache");
    thread.setDaemon(true);
    return thread;
  }

  /** A cache that is forgotten. */
  public static VerdictCache inMemory() {
    return new VerdictCache(null);
  }

  /**
   * Opens the cache of a file, which is made if it is not there.
   *
   * @throws DataException if a line is none of a cache's, naming it, or it is no regular file
   */
  @SuppressWarnings("try") // the lock is held and not used
  public static VerdictCache open(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new DataException(file, 0, "must be a regular file, but is something else", null);
    }
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    VerdictCache cache = new VerdictCache(channel);
    try {
      synchronized (VerdictCache.class) {
        try (FileLock lock = channel.lock()) {
          cache.read(file, channel);
        }
      }
      return cache;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private void read(Path file, FileChannel open) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int start = 0;
    long row = 1;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] == '\n') {
        add(file, row++, new String(bytes, start, end - start, StandardCharsets.UTF_8));
        start = end + 1;
      }
    }
    if (start < bytes.length) {
      open.truncate(start);
    }
  }

  private void add(Path file, long row, String line) throws DataException {
    try {
      JsonNode node = JSON.readTree(line);
      if (node.path(KEY).isTextual() && node.path(PROBABILITY).isNumber()) {
        verdicts.put(node.get(KEY).textValue(), Verdict.of(node.get(PROBABILITY).doubleValue()));
        return;
      }
      if (node.path(KEY).isTextual() && node.path(ABSTENTION).isTextual()) {
        verdicts.put(
            node.get(KEY).textValue(), new Verdict.Abstention(node.get(ABSTENTION).textValue()));
        return;
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new DataException(file, row, "must be a verdict, but " + e.getMessage(), e);
    }
    throw new DataException(
        file, row, "must have key, and probability or abstention, but was " + line, null);
  }

  /** How many verdicts there are. */
  public int size() {
    return verdicts.size();
  }

  /** The verdict on what was asked, if it is known. */
  public Optional<Verdict> get(String key) {
    return Optional.ofNullable(verdicts.get(key));
  }

  /**
   * Keeps a verdict; a failure, and a verdict on what is known already, is not kept.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void put(String key, Verdict verdict) {
    boolean isNew =
        !(verdict instanceof Verdict.Failure) && verdicts.putIfAbsent(key, verdict) == null;
    if (isNew && channel != null && writer != null) {
      byte[] line = line(key, verdict);
      Future<?> written = writer.submit(() -> append(channel, line));
      try {
        Uninterruptibles.getUninterruptibly(written);
      } catch (ExecutionException e) {
        throw new UncheckedIOException(
            new IOException("the judge's cache cannot be written: " + e.getCause(), e));
      }
    }
  }

  private static byte[] line(String key, Verdict verdict) {
    ObjectNode row = JSON.createObjectNode().put(KEY, key);
    if (verdict instanceof Verdict.Preference preference) {
      row.put(PROBABILITY, preference.probability());
    } else if (verdict instanceof Verdict.Abstention abstention) {
      row.put(ABSTENTION, abstention.reason());
    }
    return (row + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** File locks are those of a process, so its threads take turns first. */
  @SuppressWarnings("try") // the lock is held and not used
  private static @Nullable Void append(FileChannel channel, byte[] line) throws IOException {
    synchronized (VerdictCache.class) {
      try (FileLock lock = channel.lock()) {
        long start = channel.size();
        try {
          ByteBuffer bytes = ByteBuffer.wrap(line);
          while (bytes.hasRemaining()) {
            channel.write(bytes, start + bytes.position());
          }
        } catch (IOException e) {
          channel.truncate(start);
          throw e;
        }
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    if (channel != null && writer != null) {
      writer.shutdown();
      channel.close();
    }
  }
}
