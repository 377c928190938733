package io.sgpo.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder {@code shared} beside the project: reference values, small models and data. Tests that
 * need it are skipped, visibly, where it is absent. The system property {@code sgpo.shared} names
 * another place.
 */
public final class SharedFiles {

  private SharedFiles() {}

  /** A file or folder in the shared folder; skips the test if there is none. */
  public static Path require(String relative) {
    Path root = root();
    assumeTrue(root != null, "skipped: no folder \"shared\" with goldens beside the project");
    Path path = root.resolve(relative);
    assumeTrue(Files.exists(path), "skipped: the shared folder has no " + relative);
    return path;
  }

  private static Path root() {
    String named = System.getProperty("sgpo.shared");
    if (named != null) {
      return Path.of(named);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path shared = at.resolve("shared");
      if (Files.isDirectory(shared.resolve("golden"))) {
        return shared;
      }
    }
    return null;
  }
}
