package io.sgpo.judge.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.judge.VerdictCache;
import io.sgpo.report.RunReport;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Secret;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import io.sgpo.tensorboard.TensorBoard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A key that the endpoint quotes in half of its answers, looked for in all that a run writes. */
@Timeout(60)
class SecretOfARunTest {

  private static final String KEY = "sk-planted-0123456789";

  @TempDir private Path folder;

  @Test
  void theKeyOfAJudgeIsInNoFileEventOrReport() throws IOException {
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
      Alignment result =
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
              .listener(warnings(told))
              .build()
              .align();
      assertTrue(asked.get() > 8, () -> "asked " + asked);
      told.add(result.toString());
    }
    RunReport.of(run).write(run.resolve(RunReport.FILE));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(content.contains(KEY), file::toString);
      }
    }
    told.forEach(text -> assertFalse(text.contains(KEY), text));
    assertTrue(Files.exists(run.resolve("manifest.json")));
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
