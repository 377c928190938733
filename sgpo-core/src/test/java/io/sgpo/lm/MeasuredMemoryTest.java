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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimate beside what a process of its own takes; a model of 7 million weights. */
class MeasuredMemoryTest {

  /** Allocators, compiled code and pages that are not ours. */
  private static final long BESIDE = 16 << 20;

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 0, false, LLAMA",
    "BFLOAT16, 8, true, LLAMA",
    "FLOAT32, 0, false, GEMMA2 GPT2"
  })
  void theEstimateIsNoLessThanWhatIsTakenAndNotTwiceAsMuch(
      String precision, String rank, String recompute, String architectures)
      throws IOException, InterruptedException {
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
                MemoryProbe.class.getName(),
                precision,
                rank,
                recompute,
                architectures)
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
    Process process = command.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    assertEquals(2 * architectures.split(" ", -1).length, lines.size(), lines.toString());
    for (String line : lines) {
      String[] fields = line.split(" ", -1);
      long measured = Long.parseLong(fields[1]);
      long estimated = Long.parseLong(fields[2]);
      assertTrue(measured <= estimated + BESIDE, line);
      assertTrue(estimated <= 2 * measured + BESIDE, line);
    }
  }
}
