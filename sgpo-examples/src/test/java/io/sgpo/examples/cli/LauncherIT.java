package io.sgpo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/sgpo} as a process, on the jar and the libraries that the build packaged. */
final class LauncherIT {

  private static final Path LAUNCHER = Path.of("bin/sgpo").toAbsolutePath();
  private static final int SECONDS = 60;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @BeforeEach
  void aPackagedBuild() {
    assumeTrue(
        Files.exists(Path.of("target/sgpo-examples.jar")), "target/sgpo-examples.jar is missing");
    assumeTrue(File.separatorChar == '/', "the launcher is a POSIX shell script");
  }

  @Test
  void answersFromAnyDirectoryAndPrintsNothingElse() throws Exception {
    Path gaps = Files.writeString(folder.resolve("gaps.txt"), "-1\n0.5\n2\n");
    CliRun run =
        run(LAUNCHER, "follower", "--epsilon=0.1", "--tau=1", gaps.getFileName().toString());
    assertEquals("", run.err());
    assertEquals("solved", run.object().get("status").asText());
  }

  @Test
  void answersThroughSymbolicLinks() throws Exception {
    Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), LAUNCHER);
    Path relative = Files.createSymbolicLink(folder.resolve("relative"), absolute.getFileName());
    assertTrue(run(relative, "--version").out().startsWith("sgpo "));
  }

  @Test
  void readsStandardInputAndKeepsTheStatusOfARefusal() throws Exception {
    CliRun run = run(LAUNCHER, "follower", "--epsilon=0.1", "--tau=1", "-");
    run.assertRefused("standard input", "at least one gap");
  }

  @Test
  void aMissingBuildAndAMissingJavaAreNamed() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("elsewhere/bin"));
    Path copy = Files.copy(LAUNCHER, bin.resolve("sgpo"));
    assertTrue(copy.toFile().setExecutable(true));
    CliRun unbuilt = run(copy, "--version");
    assertEquals(1, unbuilt.status());
    assertTrue(unbuilt.err().contains("target/sgpo-examples.jar"), unbuilt.err());
    ProcessBuilder noJava = process(LAUNCHER, "--version");
    noJava.environment().put("JAVA_HOME", folder.toString());
    CliRun refused = finish(noJava);
    assertEquals(1, refused.status());
    assertTrue(refused.err().contains("JAVA_HOME"), refused.err());
  }

  @Test
  void aReaderThatGoesAwayIsNoError() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      lines.append(i % 7).append('\n');
    }
    Files.writeString(folder.resolve("gaps.txt"), lines);
    String pipe = "'" + LAUNCHER + "' follower --epsilon=0.1 --tau=1 gaps.txt | head -c 10";
    CliRun run = finish(process(Path.of("/bin/sh"), "-c", pipe));
    assertEquals("{\"value\":0", run.out());
    assertEquals("", run.err());
  }

  @Test
  void jsonOnStandardOutputIsOneLine() throws Exception {
    Files.writeString(folder.resolve("gaps.txt"), "0\n");
    CliRun run = run(LAUNCHER, "follower", "--epsilon=0.5", "--support=-1,1", "gaps.txt");
    assertEquals(1, run.out().lines().count());
    // one gap at 0, half its mass moves to -1: V = (l(0) + l(-1)) / 2
    double value = (Math.log(2) + Math.log1p(Math.E)) / 2;
    assertEquals(value, new ObjectMapper().readTree(run.out()).get("value").asDouble(), 1e-15);
  }

  private CliRun run(Path program, String... args) throws Exception {
    return finish(process(program, args));
  }

  private ProcessBuilder process(Path program, String... args) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectInput(new File("/dev/null"));
    return builder;
  }

  private CliRun finish(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it did not end");
    return new CliRun(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
