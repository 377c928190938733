package io.sgpo.judge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.judge.VerdictCache;
import io.sgpo.report.RunReport;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Secret;
import io.sgpo.run.StepReport;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import io.sgpo.tensorboard.TensorBoard;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A key that the endpoint quotes in half of its answers, looked for in all that a run writes. */
@Timeout(60)
class SecretOfARunTest {

  private static final String KEY = "sk-planted-0123456789";
  private static final String BEGUN = "the run is begun";

  @TempDir private Path folder;

  @Test
  void theKeyOfAJudgeIsInNoFileEventOrReport() throws IOException {
    List<String> told = align(folder);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(content.contains(KEY), file::toString);
      }
    }
    told.forEach(text -> assertFalse(text.contains(KEY), text));
    assertTrue(Files.exists(folder.resolve("run/manifest.json")));
  }

  /** The same run in a process that logs everything, and breaks in the end. */
  @Test
  void theKeyIsInNoLogAndNoStackTrace() throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-cp",
                System.getProperty("java.class.path"),
                SecretOfARunTest.class.getName(),
                Files.createDirectory(folder.resolve("child")).toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertTrue(process.waitFor(50, TimeUnit.SECONDS), "it did not end");
    String written = Files.readString(log);
    assertEquals(1, process.exitValue());
    for (String logged : List.of(BEGUN, AnsweringListener.class.getName(), "two answers")) {
      assertTrue(written.contains(logged), "not in the log: " + logged);
    }
    List<String> leaks = written.lines().filter(line -> line.contains(KEY)).toList();
    assertEquals(List.of(), leaks);
  }

  /** A listener that fails: its exception is logged with its stack. */
  private static final class AnsweringListener implements AlignmentListener {
    @Override
    public void onStep(StepReport step) {
      throw new IllegalStateException("step " + step.step());
    }
  }

  /** Runs, logging, and dies of an exception that quotes the judge. */
  public static void main(String[] args) throws IOException {
    LoggerFactory.getLogger(SecretOfARunTest.class).trace(BEGUN);
    align(Path.of(args[0]), new AnsweringListener()).forEach(System.out::println);
    HttpJudgeOptions options =
        HttpJudgeOptions.of(URI.create("http://localhost/v1"), "judge").withKey(Secret.of(KEY));
    throw new IllegalStateException("must hold two answers, but was " + options);
  }

  private static List<String> align(Path folder, AlignmentListener... more) throws IOException {
    AtomicInteger asked = new AtomicInteger();
    List<String> told = new ArrayList<>();
    JudgeServer.Behaviour quotesTheKey =
        JudgeServer.always(401, "{\"error\": \"bad key " + KEY + "\"}");
    JudgeServer.Behaviour answers = JudgeServer.always(JudgeServer.completion("A"));
    Path run = folder.resolve("run");
    try (JudgeServer server =
            new JudgeServer(
                (exchange, request) ->
                    (asked.getAndIncrement() % 4 < 2 ? answers : quotesTheKey)
                        .answer(exchange, request));
        HttpJudge judge =
            HttpJudge.of(
                HttpJudgeOptions.of(server.url(), "judge").withKey(Secret.of(KEY)),
                VerdictCache.inMemory(),
                Clock.systemUTC(),
                pause -> {});
        TabularPolicy policy =
            new TinyWorld(3).policy().withFollowUps(Refiner.IMPROVE_INSTRUCTION);
        TensorBoard board = TensorBoard.in(folder.resolve("board"))) {
      Aligner.Builder builder =
          Aligner.builder()
              .engine("slhf")
              .policy(policy)
              .prompts(TinyWorld.PROMPTS)
              .preferenceModel(judge)
              .learningRate(0.05)
              .batchSize(4)
              .steps(6)
              .runDirectory(run)
              .listener(board)
              .listener(warnings(told));
      for (AlignmentListener listener : more) {
        builder.listener(listener);
      }
      Alignment result = builder.build().align();
      assertTrue(asked.get() > 8, () -> "asked " + asked);
      told.add(result.toString());
    }
    RunReport.of(run).write(run.resolve(RunReport.FILE));
    return told;
  }

  private static AlignmentListener warnings(List<String> told) {
    return new AlignmentListener() {
      @Override
      public void onWarning(String message) {
        told.add(message);
      }
    };
  }
}
