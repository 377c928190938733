package io.sgpo.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.AtomicFile;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.run.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code usage.json}: what a run has used up to its last checkpoint, and the seconds that all its
 * processes took, by phase. Times are told apart from the run's state: nothing depends on them.
 */
final class UsageFile {

  static final String NAME = "usage.json";

  private static final String SECONDS = "seconds";

  private final Path file;
  private final Map<String, Double> before = new LinkedHashMap<>();

  UsageFile(Path root) {
    this.file = root.resolve(NAME);
  }

  /** Takes over what earlier processes took; one that cannot be read is told and left out. */
  void restore(Consumer<String> warnings) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try {
      for (Map.Entry<String, JsonNode> phase : Json.read(file).path(SECONDS).properties()) {
        before.put(phase.getKey(), phase.getValue().asDouble());
      }
    } catch (CheckpointException e) {
      warnings.accept(e.getMessage() + "; the seconds of earlier processes are left out");
    }
  }

  /** A run that begins anew has used nothing. */
  void clear() throws IOException {
    Files.deleteIfExists(file);
  }

  void write(Usage used, Map<String, Double> seconds) throws IOException {
    ObjectNode content =
        Json.object()
            .put("steps", used.steps())
            .put("tokens", used.tokens())
            .put("judgeCalls", used.judgeCalls());
    Map<String, Double> all = new LinkedHashMap<>(before);
    seconds.forEach((phase, value) -> all.merge(phase, value, Double::sum));
    ObjectNode phases = content.putObject(SECONDS);
    all.forEach(phases::put);
    byte[] bytes = Json.pretty(content);
    AtomicFile.write(file, out -> out.write(bytes));
  }
}
