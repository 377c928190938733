package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Budget;
import io.sgpo.run.CheckpointReport;
import io.sgpo.run.RunRefusedException;
import io.sgpo.run.Secret;
import io.sgpo.run.StepReport;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.store.TinyRuns.Left;
import io.sgpo.tabular.TabularPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  @TempDir private Path folder;
  private Path directory;

  @BeforeEach
  void name() {
    directory = folder.resolve("run");
  }

  private static Aligner.Builder resumed(Aligner.Builder builder) {
    return builder.resume(true);
  }

  private static RunRefusedException refusal(Path at, UnaryOperator<Aligner.Builder> options) {
    return assertThrows(RunRefusedException.class, () -> TinyRuns.run(Kind.SSAPO, at, options));
  }

  private static void stopAfter(Path at, int steps) {
    TinyRuns.run(Kind.SSAPO, at, builder -> builder.budget(Budget.ofSteps(steps)));
  }

  private String manifest() throws IOException {
    return Files.readString(directory.resolve("manifest.json"));
  }

  @Test
  void whatIsWrittenSaysWhatTheRunWas() throws IOException {
    TinyRuns.run(Kind.SSAPO, directory, UnaryOperator.identity());
    String manifest = manifest();
    assertTrue(manifest.contains("\"status\" : \"finished\""), manifest);
    assertTrue(manifest.contains("\"engine\" : \"ssapo\""), manifest);
    assertTrue(manifest.contains("\"beta\" : \"0.1\""), manifest);
    assertTrue(manifest.contains("12 of sha256 "), manifest);
    assertTrue(manifest.contains("\"device\" : \"cpu\""), manifest);
    String version = Json.read(directory.resolve("manifest.json")).at("/versions/sgpo").asText();
    assertTrue(version.matches("[0-9]+\\.[0-9]+\\.[0-9]+.*"), version);
    try (Stream<Path> kept = Files.list(directory.resolve("checkpoints"))) {
      assertEquals(2, kept.count());
    }
    assertEquals(3, Files.readAllLines(directory.resolve("metrics.jsonl")).size());
  }

  @Test
  void aDirectoryThatHoldsARunIsLeftAloneUnlessItIsResumed() throws IOException {
    stopAfter(directory, 3);
    String before = manifest();
    RunRefusedException refusal = refusal(directory, UnaryOperator.identity());
    assertTrue(refusal.getMessage().contains("resume(true) goes on with it"), refusal.toString());
    assertEquals(before, manifest());
  }

  @Test
  void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
    Files.createDirectory(directory);
    Files.writeString(directory.resolve("thesis.tex"), "kept");
    RunRefusedException refusal = refusal(directory, RunDirectoryTest::resumed);
    assertTrue(refusal.getMessage().contains("thesis.tex"), refusal.toString());
    Path file = Files.writeString(folder.resolve("file"), "kept");
    assertTrue(refusal(file, RunDirectoryTest::resumed).getMessage().contains("is a file"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));
    assertTrue(
        refusal(link, RunDirectoryTest::resumed).getMessage().contains("symbolic link to nothing"));
  }

  @Test
  void otherOptionsOrDataAreRefusedByName() throws IOException {
    stopAfter(directory, 3);
    RunRefusedException options =
        refusal(directory, builder -> builder.resume(true).beta(0.2).learningRate(0.01));
    assertTrue(options.getMessage().contains("beta was 0.1 and is 0.2"), options.toString());
    assertTrue(
        options.getMessage().contains("training.learningRate was 0.05 and is 0.01"),
        options.toString());
    RunRefusedException data =
        refusal(
            directory, builder -> builder.resume(true).seedPreferences(new TinyWorld(4).seeds()));
    assertTrue(data.getMessage().contains("seeds was 36 of sha256 "), data.toString());
  }

  @Test
  void anotherStartingPolicyIsRefused() {
    stopAfter(directory, 3);
    try (TabularPolicy other = new TinyWorld(4).policy()) {
      RunRefusedException refusal =
          assertThrows(
              RunRefusedException.class,
              () -> Kind.SSAPO.builder(other).runDirectory(directory).resume(true).build().align());
      assertTrue(
          refusal.getMessage().contains("with the policy it started from"), refusal.toString());
    }
  }

  @Test
  void aSecondRunOfTheProcessIsRefused() {
    List<Throwable> refused = new ArrayList<>();
    AlignmentListener intruder =
        new AlignmentListener() {
          @Override
          public void onStep(StepReport step) {
            if (refused.isEmpty()) {
              refused.add(refusal(directory, RunDirectoryTest::resumed));
            }
          }
        };
    TinyRuns.run(Kind.SSAPO, directory, builder -> builder.listener(intruder));
    assertTrue(
        refused.get(0).getMessage().contains("in use by another run of this process"),
        refused.toString());
  }

  @Test
  void aSecondProcessIsRefused() throws IOException, InterruptedException {
    stopAfter(directory, 3);
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("locked true", said.readLine());
      RunRefusedException refusal = refusal(directory, RunDirectoryTest::resumed);
      assertTrue(
          refusal.getMessage().contains("in use by process " + other.pid()), refusal.toString());
    } finally {
      other.getOutputStream().close();
      other.waitFor();
    }
    TinyRuns.run(Kind.SSAPO, directory, RunDirectoryTest::resumed);
  }

  @Test
  void aDamagedCheckpointIsPassedOverForTheOneBefore() throws IOException {
    Left whole = TinyRuns.run(Kind.SSAPO, folder.resolve("whole"), b -> b.checkpointEvery(2));
    for (String name : List.of("state.json", "checkpoint.json", "checkpoint.sha256")) {
      Path damaged = folder.resolve("damaged-" + name);
      TinyRuns.run(Kind.SSAPO, damaged, b -> b.checkpointEvery(2).budget(Budget.ofSteps(13)));
      flip(newest(damaged).resolve(name));
      List<String> warnings = new ArrayList<>();
      AlignmentListener listener =
          new AlignmentListener() {
            @Override
            public void onWarning(String message) {
              warnings.add(message);
            }

            @Override
            public void onResume(CheckpointReport checkpoint) {
              warnings.add("step " + checkpoint.step());
            }
          };
      assertEquals(
          whole,
          TinyRuns.run(
              Kind.SSAPO, damaged, b -> b.checkpointEvery(2).resume(true).listener(listener)));
      assertTrue(warnings.get(0).contains("is damaged and passed over"), warnings.toString());
      assertTrue(warnings.get(1).startsWith("step "), warnings.toString());
    }
  }

  @Test
  void withoutAnUndamagedCheckpointNothingIsThrownAway() throws IOException {
    TinyRuns.run(Kind.SSAPO, directory, b -> b.checkpointEvery(2).budget(Budget.ofSteps(13)));
    List<Path> checkpoints;
    try (Stream<Path> all = Files.list(directory.resolve("checkpoints"))) {
      checkpoints = all.toList();
    }
    for (Path checkpoint : checkpoints) {
      flip(checkpoint.resolve("state.json"));
    }
    UncheckedIOException failure =
        assertThrows(
            UncheckedIOException.class,
            () -> TinyRuns.run(Kind.SSAPO, directory, RunDirectoryTest::resumed));
    assertTrue(failure.getMessage().contains("no checkpoint is undamaged"), failure.toString());
    assertTrue(failure.getMessage().contains("must have the digest"), failure.toString());
    assertEquals(2, checkpoints.stream().filter(Files::exists).count());
  }

  private static Path newest(Path run) throws IOException {
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
      return new TreeSet<>(all.toList()).last();
    }
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /** A judge that holds a key, as one behind an endpoint does. */
  private record KeyedJudge(Secret key) implements PreferenceModel {
    @Override
    public List<io.sgpo.preference.Verdict> compare(
        List<io.sgpo.preference.Comparison> comparisons) {
      throw new IllegalStateException("the endpoint refused the key " + key);
    }
  }

  @Test
  void aSecretIsInNoFileOfARun() throws IOException {
    String planted = "sk-planted-7f3a";
    try (TabularPolicy policy = Kind.ITERATIVE_DPO.policy()) {
      Aligner aligner =
          Kind.ITERATIVE_DPO
              .builder(policy)
              .preferenceModel(new KeyedJudge(Secret.of(planted)))
              .runDirectory(directory)
              .build();
      assertThrows(IllegalStateException.class, aligner::align);
    }
    assertTrue(manifest().contains("refused the key [secret]"), manifest());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(content.contains(planted), file::toString);
      }
    }
  }
}
