package io.sgpo.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.run.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A checkpoint: {@code state.json}, {@code checkpoint.json} (the digest of the state, the digests
 * of the policies' files, the lengths of the appended files), and {@code checkpoint.sha256}, the
 * digest of that.
 *
 * @param state the state of the run
 * @param policies for every kept policy the digests of its files
 * @param lengths for every appended file its length
 */
record StoredCheckpoint(
    RunState state, Map<String, Map<String, String>> policies, Map<String, Long> lengths) {

  private static final String STATE_FILE = "state.json";
  private static final String INDEX_FILE = "checkpoint.json";
  private static final String DIGEST_FILE = "checkpoint.sha256";
  private static final String FORMAT = "sgpo-checkpoint/1";

  StoredCheckpoint {
    policies = Collections.unmodifiableMap(new TreeMap<>(policies));
    lengths = Collections.unmodifiableMap(new TreeMap<>(lengths));
  }

  Set<String> policyNames() {
    return policies.keySet();
  }

  /** Writes its files into a directory. */
  void write(Path directory) throws IOException {
    byte[] stateBytes = Json.line(StateJson.write(state));
    ObjectNode index = Json.object().put("format", FORMAT).put("state", Digests.of(stateBytes));
    ObjectNode kept = index.putObject("policies");
    policies.forEach(
        (name, digests) -> {
          ObjectNode files = kept.putObject(name);
          digests.forEach(files::put);
        });
    ObjectNode sizes = index.putObject("lengths");
    lengths.forEach(sizes::put);
    byte[] indexBytes = Json.pretty(index);
    Files.write(directory.resolve(STATE_FILE), stateBytes);
    Files.write(directory.resolve(INDEX_FILE), indexBytes);
    Files.writeString(directory.resolve(DIGEST_FILE), Digests.of(indexBytes) + "\n");
  }

  /**
   * Reads and verifies a checkpoint.
   *
   * @param policyFolder where the policies are kept
   * @throws IOException if a file is missing or is not what was written
   */
  static StoredCheckpoint read(Path directory, Path policyFolder) throws IOException {
    Path indexFile = directory.resolve(INDEX_FILE);
    String digest =
        new String(Files.readAllBytes(directory.resolve(DIGEST_FILE)), StandardCharsets.UTF_8);
    require(indexFile, digest.strip(), Digests.of(indexFile));
    ObjectNode index = Json.read(indexFile);
    Path stateFile = directory.resolve(STATE_FILE);
    require(stateFile, index.path("state").asText(), Digests.of(stateFile));
    Map<String, Map<String, String>> policies = new TreeMap<>();
    index
        .path("policies")
        .properties()
        .forEach(
            policy -> {
              Map<String, String> files = new TreeMap<>();
              policy
                  .getValue()
                  .properties()
                  .forEach(f -> files.put(f.getKey(), f.getValue().asText()));
              policies.put(policy.getKey(), files);
            });
    for (Map.Entry<String, Map<String, String>> policy : policies.entrySet()) {
      verify(policyFolder.resolve(policy.getKey()), policy.getValue());
    }
    Map<String, Long> lengths = new TreeMap<>();
    index.path("lengths").properties().forEach(f -> lengths.put(f.getKey(), f.getValue().asLong()));
    return new StoredCheckpoint(StateJson.read(Json.read(stateFile)), policies, lengths);
  }

  private static void verify(Path folder, Map<String, String> digests) throws IOException {
    for (Map.Entry<String, String> file : digests.entrySet()) {
      Path path = folder.resolve(file.getKey());
      require(path, file.getValue(), Digests.of(path));
    }
  }

  private static void require(Path file, String expected, String found) throws IOException {
    if (!expected.equals(found)) {
      throw new CheckpointException(
          file, null, "must have the digest " + expected + ", but has " + found);
    }
  }
}
