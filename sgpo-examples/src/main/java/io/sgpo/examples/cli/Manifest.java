package io.sgpo.examples.cli;

import io.sgpo.store.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the command adds to a run's {@code manifest.json}: with it, a run can be made again. */
final class Manifest {

  private static final List<String> MODEL_FILES = List.of(".safetensors", ".json", ".jinja");

  /** What does not change a run. */
  private static final Set<String> UNRECORDED =
      Set.of("--help", "--quiet", "--stacktrace", "--resume");

  private final Map<String, Object> content = new LinkedHashMap<>();

  /** The command's options. */
  Manifest(CommandSpec command) {
    content.put("options", options(command));
  }

  /** The options in force, by the names they have on the command line without the hyphens. */
  private static Map<String, Object> options(CommandSpec command) {
    Map<String, Object> options = new TreeMap<>();
    for (OptionSpec option : command.options()) {
      Object value = option.getValue();
      if (value != null && !UNRECORDED.contains(option.longestName())) {
        options.put(option.longestName().substring(2), plain(value));
      }
    }
    return options;
  }

  private static Object plain(Object value) {
    if (value instanceof Number || value instanceof Boolean) {
      return value;
    }
    return value instanceof Enum<?> constant ? Names.of(constant) : value.toString();
  }

  Manifest with(String name, Object value) {
    content.put(name, value);
    return this;
  }

  /** The run directory with all this in its manifest. */
  RunDirectory noted(Path output) {
    RunDirectory directory = RunDirectory.at(output);
    for (var entry : content.entrySet()) {
      directory = directory.note(entry.getKey(), entry.getValue());
    }
    return directory;
  }

  /** SHA-256 of the files that make up a model folder, by name. */
  static Map<String, String> digests(Path model) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(Manifest::isModelFile).toList()) {
        digests.put(file.getFileName().toString(), digest(file));
      }
    }
    return digests;
  }

  private static boolean isModelFile(Path file) {
    return Files.isRegularFile(file)
        && MODEL_FILES.stream().anyMatch(file.getFileName().toString()::endsWith);
  }

  /** SHA-256 of a file, in hexadecimal. */
  static String digest(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
