package io.sgpo.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.AtomicFile;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.run.Ending;
import io.sgpo.run.RunRefusedException;
import io.sgpo.spi.RunDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code manifest.json} tells of a run: whose it is, and how it ended. */
final class RunManifest {

  private static final String FORMAT = "sgpo-run/2";
  private static final String STATUS = "status";
  private static final String ENDING = "ending";
  private static final String ERROR = "error";
  private static final String ENGINE = "engine";
  private static final String SETTINGS = "settings";
  private static final String REFERENCE = "reference";
  private static final String HELD_OUT = "heldOut";

  private final ObjectNode content;

  private RunManifest(ObjectNode content) {
    this.content = content;
  }

  /** The manifest of a run that starts now. */
  static RunManifest create(RunDescription description) {
    ObjectNode content = Json.object().put("format", FORMAT).put(STATUS, "running");
    content.put("started", Instant.now().toString());
    content.put(ENGINE, description.engine());
    ObjectNode settings = content.putObject(SETTINGS);
    description.settings().forEach(settings::put);
    RunManifest manifest = new RunManifest(content);
    manifest.heldOut(description);
    return manifest.surroundings(description.device());
  }

  /** Says what is measured; a run that does not measure leaves what one before it measured. */
  private void heldOut(RunDescription description) {
    if (!description.heldOut().isEmpty()) {
      ObjectNode measure = content.putObject(HELD_OUT);
      description.heldOut().forEach(measure::put);
    }
  }

  /** Notes what this process runs with and on. */
  private RunManifest surroundings(String device) {
    Versions versions = new Versions();
    content
        .putObject("versions")
        .put("sgpo", versions.sgpo())
        .put("djl", versions.djl())
        .put("pytorch", versions.pytorch())
        .put(
            "jvm",
            System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    content
        .putObject("machine")
        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
        .put("processors", Runtime.getRuntime().availableProcessors())
        .put("device", device);
    return this;
  }

  /**
   * @throws CheckpointException if the file is no manifest of a run
   */
  static RunManifest read(Path file) throws IOException {
    ObjectNode content = Json.read(file);
    String format = content.path("format").asText();
    if (!format.equals(FORMAT)) {
      throw new CheckpointException(
          file, null, "format must be \"" + FORMAT + "\", but was \"" + format + "\"");
    }
    return new RunManifest(content);
  }

  /**
   * The same with versions and machine of this process.
   *
   * @throws RunRefusedException if the run is another one, naming what differs
   */
  RunManifest requireSame(RunDescription description) {
    List<String> differences = new ArrayList<>();
    compare(ENGINE, content.path(ENGINE).asText(), description.engine(), differences);
    compare("", stored(SETTINGS), description.settings(), differences);
    Map<String, String> measured = stored(HELD_OUT);
    if (!measured.isEmpty() && !description.heldOut().isEmpty()) {
      compare(HELD_OUT + ".", measured, description.heldOut(), differences);
    }
    if (!differences.isEmpty()) {
      throw new RunRefusedException(
          "a run is resumed with the settings it was started with, but "
              + String.join("; ", differences));
    }
    heldOut(description);
    return surroundings(description.device());
  }

  private Map<String, String> stored(String name) {
    Map<String, String> stored = new TreeMap<>();
    content
        .path(name)
        .properties()
        .forEach(setting -> stored.put(setting.getKey(), setting.getValue().asText()));
    return stored;
  }

  private static void compare(
      String prefix,
      Map<String, String> stored,
      Map<String, String> given,
      List<String> differences) {
    Map<String, String> all = new TreeMap<>(stored);
    all.putAll(given);
    for (String name : all.keySet()) {
      String was = stored.getOrDefault(name, "not set");
      compare(prefix + name, was, given.getOrDefault(name, "not set"), differences);
    }
  }

  private static void compare(String name, String was, String is, List<String> differences) {
    if (!was.equals(is)) {
      differences.add(name + " was " + was + " and is " + is);
    }
  }

  /**
   * @throws RunRefusedException if the run started from another policy
   */
  void reference(String digest) {
    String stored = content.path(REFERENCE).asText(digest);
    if (!stored.equals(digest)) {
      throw new RunRefusedException(
          "a run is resumed with the policy it started from, but its digest was "
              + stored
              + " and is "
              + digest);
    }
    content.put(REFERENCE, digest);
  }

  void note(Map<String, Object> notes) {
    notes.forEach((name, value) -> content.set(name, Json.MAPPER.valueToTree(value)));
  }

  void running() {
    content.put(STATUS, "running");
    content.remove(List.of(ENDING, ERROR, "ended"));
  }

  void ended(Ending ending) {
    String status =
        switch (ending) {
          case FINISHED -> "finished";
          case CANCELLED -> "cancelled";
          default -> "stopped";
        };
    content.put(STATUS, status).put("ended", Instant.now().toString());
    content.put(ENDING, RunDirectory.name(ending));
  }

  void failed(Throwable failure) {
    content.put(STATUS, "failed").put("ended", Instant.now().toString());
    content.put(ERROR, failure.toString());
  }

  void write(Path file) throws IOException {
    byte[] bytes = Json.pretty(content);
    AtomicFile.write(file, out -> out.write(bytes));
  }
}
