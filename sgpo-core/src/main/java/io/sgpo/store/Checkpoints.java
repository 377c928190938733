package io.sgpo.store;

import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The last checkpoints of a run, in directories with rising numbers, and the policies they need.
 */
final class Checkpoints {

  /** How many are kept. */
  private static final int KEPT = 2;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{9}");

  private final Path checkpoints;
  private final Path policies;
  private final Deque<Numbered> kept = new ArrayDeque<>();
  private long next = 1;

  private record Numbered(long number, Set<String> policies) {}

  Checkpoints(Path root) throws IOException {
    this.checkpoints = Files.createDirectories(root.resolve("checkpoints"));
    this.policies = Files.createDirectories(root.resolve("policies"));
  }

  /** The policies that the kept checkpoints need. */
  Set<String> policyNames() {
    Set<String> names = new HashSet<>();
    kept.forEach(checkpoint -> names.addAll(checkpoint.policies()));
    return names;
  }

  /** The directory of a kept policy. */
  Path policy(String name) {
    return policies.resolve(name);
  }

  /**
   * The newest checkpoint that is undamaged; newer ones are removed, and all that no checkpoint
   * needs.
   *
   * @throws CheckpointException if there are checkpoints, and all are damaged
   */
  Optional<StoredCheckpoint> newest(Consumer<String> warnings) throws IOException {
    NavigableMap<Long, Path> found = numbered();
    Optional<StoredCheckpoint> newest = Optional.empty();
    IOException fault = null;
    for (Map.Entry<Long, Path> entry : found.descendingMap().entrySet()) {
      try {
        StoredCheckpoint read = StoredCheckpoint.read(entry.getValue(), policies);
        newest = newest.isPresent() ? newest : Optional.of(read);
        kept.addFirst(new Numbered(entry.getKey(), read.policyNames()));
      } catch (IOException | IllegalArgumentException e) {
        fault = fault == null ? fault(entry.getValue(), e) : fault;
        warn(entry.getValue(), e, kept.isEmpty(), warnings);
      }
    }
    if (newest.isEmpty() && fault != null) {
      throw fault;
    }
    next = found.isEmpty() ? 1 : found.lastKey() + 1;
    clean();
    return newest;
  }

  private static void warn(Path directory, Exception e, boolean isNewest, Consumer<String> to) {
    if (isNewest) {
      to.accept("the checkpoint " + directory + " is damaged and passed over: " + describe(e));
    }
  }

  private static IOException fault(Path directory, Exception e) {
    return new CheckpointException(
        directory, null, "no checkpoint is undamaged; the newest: " + describe(e), e);
  }

  private static String describe(Exception e) {
    return e instanceof CheckpointException || e instanceof IllegalArgumentException
        ? String.valueOf(e.getMessage())
        : e.toString();
  }

  /** Writes a checkpoint; older ones but one are removed, and the policies that they needed. */
  void write(StoredCheckpoint checkpoint) throws IOException {
    Path target = checkpoints.resolve("%09d".formatted(next));
    AtomicDirectory.write(target, checkpoint::write);
    kept.addLast(new Numbered(next, checkpoint.policyNames()));
    next++;
    while (kept.size() > KEPT) {
      kept.removeFirst();
    }
    clean();
  }

  private NavigableMap<Long, Path> numbered() throws IOException {
    NavigableMap<Long, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(checkpoints)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (NUMBER.matcher(name).matches()) {
          found.put(Long.parseLong(name), entry);
        }
      }
    }
    return found;
  }

  /** Removes what is not kept, half-written directories included. */
  private void clean() throws IOException {
    Set<String> numbers = new HashSet<>();
    kept.forEach(checkpoint -> numbers.add("%09d".formatted(checkpoint.number())));
    removeOthers(checkpoints, numbers);
    removeOthers(policies, policyNames());
  }

  private static void removeOthers(Path folder, Set<String> names) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!names.contains(entry.getFileName().toString())) {
          Trees.delete(entry);
        }
      }
    }
  }
}
