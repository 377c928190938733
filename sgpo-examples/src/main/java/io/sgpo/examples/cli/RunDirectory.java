package io.sgpo.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sgpo.data.Annotations;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.RoundReport;
import java.io.IOError;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * What a run leaves behind:
 *
 * <ul>
 *   <li>{@code manifest.json}: options, seed, digests of data and model, versions, machine, and
 *       whether the run has finished;
 *   <li>{@code metrics.jsonl}: a line per round, round 0 being the warm start;
 *   <li>{@code annotations/round-N.jsonl}: the pairs annotated in a round, in the {@code
 *       prompt}/{@code chosen}/{@code rejected} form that other trainers read, with {@code margin};
 *   <li>{@code model/}: the aligned model, or {@code adapter/}: the adapter that was trained.
 * </ul>
 *
 * <p>Each line is on disk when the next round starts. A disk that cannot be written ends the run.
 */
final class RunDirectory implements AlignmentListener {

  private static final ObjectMapper PRETTY =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path root;

  private RunDirectory(Path root) {
    this.root = root;
  }

  /**
   * The directory of a run that is about to start; nothing is written yet.
   *
   * @throws UsageException if the path is a file or a folder that is not empty
   */
  static RunDirectory at(Path root) throws IOException {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new UsageException("--output must be a folder, but " + root + " is a file");
    }
    if (Files.isDirectory(root)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
        if (entries.iterator().hasNext()) {
          throw new UsageException("--output must be a new or an empty folder, but was " + root);
        }
      }
    }
    return new RunDirectory(root);
  }

  /** Creates the folder. */
  void create() throws IOException {
    Files.createDirectories(root.resolve("annotations"));
  }

  Path model() {
    return root.resolve("model");
  }

  Path adapter() {
    return root.resolve("adapter");
  }

  /** Writes the manifest, replacing an earlier one at once. */
  void manifest(Map<String, ?> content) throws IOException {
    Path draft = root.resolve("manifest.json.tmp");
    Files.writeString(draft, PRETTY.writeValueAsString(content) + "\n");
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        draft,
        root.resolve("manifest.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * @throws IOError if the disk cannot be written: of what a listener throws, only an error ends
   *     the run
   */
  @Override
  public void onRound(RoundReport round) {
    try {
      appendAnnotations(round);
      appendMetrics(round);
    } catch (IOException e) {
      throw new IOError(e);
    }
  }

  private void appendMetrics(RoundReport round) throws IOException {
    StringWriter line = new StringWriter();
    JsonOutput.writeObject(
        line,
        json -> {
          json.writeNumberField("round", round.round());
          JsonOutput.metrics(json, round.metrics());
        });
    append(root.resolve("metrics.jsonl"), line.toString());
  }

  private void appendAnnotations(RoundReport round) throws IOException {
    if (round.annotations().isEmpty()) {
      return;
    }
    StringWriter lines = new StringWriter();
    for (var annotated : round.annotations()) {
      lines.append(Annotations.toLine(annotated)).append('\n');
    }
    append(
        root.resolve("annotations").resolve("round-" + round.round() + ".jsonl"), lines.toString());
  }

  private static void append(Path file, String text) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Writer writer = Channels.newWriter(channel, StandardCharsets.UTF_8)) {
      writer.write(text);
      writer.flush();
      channel.force(true);
    }
  }
}
