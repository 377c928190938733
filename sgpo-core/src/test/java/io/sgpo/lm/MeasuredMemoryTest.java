package io.sgpo.lm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimate beside what a process of its own takes; a model of 7 million weights. */
class MeasuredMemoryTest {

  /** Allocators, compiled code and pages that are not ours. */
  private static final long BESIDE = 16 << 20;

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 0, false, 1, LLAMA",
    "BFLOAT16, 8, true, 1, LLAMA",
    "FLOAT32, 0, false, 1, GEMMA2 GPT2",
    "FLOAT32, 0, false, 4, LLAMA"
  })
  void theEstimateIsNoLessThanWhatIsTakenAndNotTwiceAsMuch(
      String precision, String rank, String recompute, String threads, String architectures)
      throws IOException, InterruptedException {
    List<String> lines = probe(precision, rank, recompute, threads, architectures);
    assertEquals(2 * architectures.split(" ", -1).length, lines.size(), lines.toString());
    for (String line : lines) {
      assertBounds(line);
    }
  }

  /** Two responses of 3,000 tokens to a prompt of as many: the masks are most of what is taken. */
  @Test
  void masksAreInTheEstimate() throws IOException, InterruptedException {
    List<String> lines = probe("masks", "3000");
    assertEquals(4, lines.size(), lines.toString());
    assertTrue(measured(lines.get(2)) > estimated(lines.get(2)) + BESIDE, lines.get(2));
    assertBounds(lines.get(3));
  }

  /** Tiles that keep their probabilities, and what longer rows take. */
  @ParameterizedTest
  @CsvSource({"FLOAT32", "BFLOAT16"})
  void attentionIsInTheEstimate(String precision) throws IOException, InterruptedException {
    List<String> lines = probe("attention", precision, "1024", "2500");
    assertEquals(4, lines.size(), lines.toString());
    lines.forEach(MeasuredMemoryTest::assertBounds);
  }

  /** Logits that are most of a step, with a cap too. */
  @ParameterizedTest
  @CsvSource({"FLOAT32", "BFLOAT16"})
  void theHeadIsInTheEstimate(String precision) throws IOException, InterruptedException {
    List<String> lines = probe("head", precision, "1024", "LLAMA", "GEMMA2");
    assertEquals(2, lines.size(), lines.toString());
    lines.forEach(MeasuredMemoryTest::assertBounds);
  }

  /** Each lane of scoring has logits of its own. */
  @ParameterizedTest
  @CsvSource({"FLOAT32", "BFLOAT16"})
  void lanesOfScoringAreInTheEstimate(String precision) throws IOException, InterruptedException {
    List<String> lines = probe("scoring", precision);
    assertEquals(2, lines.size(), lines.toString());
    lines.forEach(MeasuredMemoryTest::assertBounds);
    assertTrue(measured(lines.get(1)) > measured(lines.get(0)) + BESIDE, lines.toString());
  }

  /**
   * An objective that wants to know the scores of a batch first; groups that share a prompt too.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT32", "BFLOAT16"})
  void scoresOfCoupledObjectivesAreInTheEstimate(String precision)
      throws IOException, InterruptedException {
    List<String> lines = probe("coupled", precision);
    assertEquals(2, lines.size(), lines.toString());
    lines.forEach(MeasuredMemoryTest::assertBounds);
  }

  private static void assertBounds(String line) {
    assertTrue(measured(line) <= estimated(line) + BESIDE, line);
    assertTrue(estimated(line) <= 2 * measured(line) + BESIDE, line);
  }

  private static long measured(String line) {
    return Long.parseLong(line.split(" ", -1)[1]);
  }

  private static long estimated(String line) {
    return Long.parseLong(line.split(" ", -1)[2]);
  }

  /** What a probe prints. */
  private static List<String> probe(String... args) throws IOException, InterruptedException {
    assumeTrue(
        Files.isWritable(Path.of("/proc/self/clear_refs")),
        "peaks of resident memory are measured on Linux only");
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryProbe.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // What is freed goes back to the system, so that the peak is what was held at once
    // (mallopt(3)).
    command
        .environment()
        .putAll(
            Map.of(
                "MALLOC_MMAP_THRESHOLD_", "131072",
                "MALLOC_TRIM_THRESHOLD_", "131072",
                "MALLOC_ARENA_MAX", "1"));
    command.command().addAll(List.of(args));
    Process process = command.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    return lines;
  }
}
