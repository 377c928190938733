package io.sgpo.examples.quickstart;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.sgpo.examples.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a run: {@code start/}, {@code seed-N/METHOD/} and {@code results.json}. A folder
 * that an earlier run wrote is taken over, its models and results deleted; any other folder with
 * something in it is refused.
 */
final class OutputFolder {

  static final String RESULTS = "results.json";
  static final String START = "start";

  private static final String MARKER = "sgpo-quickstart.txt";
  private static final String TRIALS = "seed-";

  private OutputFolder() {}

  /**
   * Makes the folder ready for a run.
   *
   * @throws UsageException if it holds something that no run of this program wrote
   */
  static void prepare(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> entries = entries(folder);
    if (!entries.isEmpty() && !Files.exists(folder.resolve(MARKER))) {
      throw new UsageException(
          "--output must be new, empty or of an earlier quickstart, but " + folder + " is not");
    }
    Files.writeString(
        folder.resolve(MARKER),
        "Written by sgpo quickstart. The next run into this folder replaces start, seed-N and"
            + " results.json.\n");
    for (Path entry : entries) {
      if (isOurs(entry.getFileName().toString())) {
        MoreFiles.deleteRecursively(entry, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }

  private static boolean isOurs(String name) {
    return name.equals(START) || name.equals(RESULTS) || name.matches(TRIALS + "\\d+");
  }

  /** The folder of a trial's model. */
  static Path model(Path folder, long seed, String method) {
    return folder.resolve(TRIALS + seed).resolve(method);
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
