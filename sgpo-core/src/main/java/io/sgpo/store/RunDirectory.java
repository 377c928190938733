package io.sgpo.store;

import io.sgpo.run.Ending;
import io.sgpo.run.RunRefusedException;
import io.sgpo.spi.RunDescription;
import io.sgpo.spi.RunRecord;
import io.sgpo.spi.RunStore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A directory that holds one run:
 *
 * <ul>
 *   <li>{@code manifest.json}: engine, settings with defaults, hash of the policy at the start,
 *       versions, machine and device, how the run ended, and what {@link #note} added;
 *   <li>{@code metrics.jsonl}, {@code steps.jsonl}, {@code evaluations.jsonl}: a line per round,
 *       step, and held-out measure;
 *   <li>{@code gaps.jsonl}, {@code answers.jsonl}: percentiles of a round's gaps with weights of
 *       some pairs, and answers of an on-policy engine to some prompts, each of bounded size;
 *   <li>{@code events.out.tfevents.sgpo}: the same numbers for TensorBoard;
 *   <li>{@code annotations/round-N.jsonl}: the pairs annotated in round N, as {@link
 *       io.sgpo.data.Annotations} reads them;
 *   <li>{@code usage.json}: steps, tokens and judge calls up to the last checkpoint, and the
 *       seconds of every phase;
 *   <li>{@code checkpoints/}: the last two, and {@code policies/}, the weights and moments they
 *       need;
 *   <li>{@code run.lock}: locked while a process works on the run.
 * </ul>
 *
 * <p>A checkpoint is complete or not there: it is staged, forced to the disk and renamed, its
 * digests last. One that is damaged is passed over for the one before it, with a warning. Lines
 * that were appended after the checkpoint that a run goes on from, a torn last one included, are
 * cut off first, so that the files of a resumed run are those of an uninterrupted one.
 *
 * <p>Immutable.
 */
public final class RunDirectory implements RunStore {

  static final String MANIFEST = "manifest.json";

  /** What a crash before the first manifest may leave. */
  private static final Set<String> LEFTOVERS = Set.of(DirectoryLock.NAME, ".manifest.json.new");

  private final Path root;
  private final Map<String, Object> notes;

  private RunDirectory(Path root, Map<String, Object> notes) {
    this.root = Objects.requireNonNull(root, "root");
    this.notes = Collections.unmodifiableMap(notes);
  }

  /** The run directory of this path; nothing is read or written yet. */
  public static RunDirectory at(Path root) {
    return new RunDirectory(root, new LinkedHashMap<>());
  }

  /**
   * The same directory with one more entry in its manifest. It is not compared when the run is
   * resumed.
   *
   * @param name the entry's name
   * @param value a number, flag or text, or a map or list of such
   */
  public RunDirectory note(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(notes);
    more.put(name, value);
    return new RunDirectory(root, more);
  }

  /** Where it is. */
  public Path path() {
    return root;
  }

  /**
   * Whether a run is stored here.
   *
   * @throws IOException if the directory cannot be read
   */
  public boolean holdsRun() throws IOException {
    return Files.exists(root.resolve(MANIFEST), LinkOption.NOFOLLOW_LINKS);
  }

  /** The name of an ending in manifests, such as {@code step-budget}. */
  public static String name(Ending ending) {
    return ending.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Checks that a run could be stored here, without writing anything.
   *
   * @param resume whether a run that is stored here would be gone on with
   * @throws RunRefusedException if not
   * @throws IOException if the directory cannot be read
   */
  public void requireUsable(boolean resume) throws IOException {
    requireDirectory();
    requireOwn(resume);
  }

  @Override
  public RunRecord open(RunDescription description, boolean resume) throws IOException {
    requireUsable(resume);
    Files.createDirectories(root);
    DirectoryLock lock = DirectoryLock.acquire(root);
    boolean complete = false;
    try {
      requireOwn(resume);
      RunManifest manifest =
          holdsRun()
              ? RunManifest.read(root.resolve(MANIFEST)).requireSame(description)
              : RunManifest.create(description);
      manifest.note(notes);
      RunRecord record = new DirectoryRecord(root, manifest, lock);
      complete = true;
      return record;
    } finally {
      if (!complete) {
        lock.close();
      }
    }
  }

  private void requireDirectory() {
    if (Files.isSymbolicLink(root) && !Files.exists(root)) {
      throw new RunRefusedException(
          "the run directory must be a folder, but " + root + " is a symbolic link to nothing");
    }
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new RunRefusedException(
          "the run directory must be a folder, but " + root + " is a file");
    }
  }

  private void requireOwn(boolean resume) throws IOException {
    if (holdsRun()) {
      if (!resume) {
        throw new RunRefusedException(
            "the run directory must be new or empty, but "
                + root
                + " holds a run; resume(true) goes on with it");
      }
    } else if (Files.isDirectory(root)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
        for (Path entry : entries) {
          if (!LEFTOVERS.contains(entry.getFileName().toString())) {
            throw new RunRefusedException(
                "the run directory must be new or empty, or hold a run, but "
                    + root
                    + " holds "
                    + entry.getFileName()
                    + " and no "
                    + MANIFEST);
          }
        }
      }
    }
  }
}
