package io.sgpo.judge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.judge.VerdictCache;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Ending;
import io.sgpo.run.JudgeFailedException;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run whose judge is behind an endpoint that refuses the key, or is not there. */
@Timeout(60)
class DeadEndpointTest {

  private static final TinyWorld WORLD = new TinyWorld(3);

  /** Prefers the answer that comes later in the alphabet. */
  private static final JudgeServer.Behaviour ANSWERS =
      (exchange, request) -> {
        String question = JudgeServer.question(request);
        boolean first = answer(question, "A").compareTo(answer(question, "B")) > 0;
        JudgeServer.always(JudgeServer.completion(first ? "A" : "B")).answer(exchange, request);
      };

  private static final JudgeServer.Behaviour REFUSES =
      JudgeServer.always(401, "{\"error\":\"invalid key\"}");

  @TempDir private Path folder;

  private static String answer(String question, String letter) {
    String before = "<response-" + letter + ">\n";
    int start = question.indexOf(before) + before.length();
    return question.substring(start, start + 1);
  }

  /** A judge with a memory of its own. */
  private static HttpJudge judge(URI url) {
    HttpJudgeOptions options = HttpJudgeOptions.of(url, "judge").toBuilder().retries(1).build();
    return HttpJudge.of(options, VerdictCache.inMemory(), Clock.systemUTC(), pause -> {});
  }

  private static Aligner.Builder builder(HttpJudge judge, TabularPolicy policy) {
    return Aligner.builder()
        .engine("slhf")
        .policy(policy)
        .prompts(TinyWorld.PROMPTS)
        .preferenceModel(judge)
        .learningRate(0.05)
        .batchSize(4)
        .steps(5);
  }

  /** The weights at the end. */
  private static String slhf(URI url, Path run) {
    try (HttpJudge judge = judge(url);
        TabularPolicy policy = WORLD.policy().withFollowUps(Refiner.IMPROVE_INSTRUCTION)) {
      Alignment result = builder(judge, policy).runDirectory(run).resume(true).build().align();
      assertEquals(5, result.used().steps());
      return TinyWorld.digest(policy);
    }
  }

  private static String annotated(URI url, Path run) {
    try (HttpJudge judge = judge(url);
        TabularPolicy policy = WORLD.policy()) {
      WORLD
          .rounds(policy)
          .engine("iterative-dpo")
          .preferenceModel(judge)
          .warmStartEpochs(1)
          .epochsPerRound(1)
          .runDirectory(run)
          .resume(true)
          .build()
          .align();
      return TinyWorld.digest(policy);
    }
  }

  @Test
  void aRefusedKeyEndsTheRunAndTheRightOneGoesOn() throws IOException {
    try (JudgeServer server = new JudgeServer(ANSWERS)) {
      String whole = slhf(server.url(), folder.resolve("whole"));
      Path run = folder.resolve("run");
      server.behave(REFUSES);
      String told = failure(() -> slhf(server.url(), run));
      assertTrue(told.contains("401"), told);
      assertTrue(Files.readString(run.resolve("manifest.json")).contains("401"));
      server.behave(ANSWERS);
      assertEquals(whole, slhf(server.url(), run));
      assertNotEquals(TinyWorld.digest(WORLD.policy()), whole);
      assertEquals(
          Files.readString(folder.resolve("whole/steps.jsonl")),
          Files.readString(run.resolve("steps.jsonl")));
    }
  }

  /** Most batches hold no question that it takes, so that nothing of their steps is decided. */
  @Test
  void questionsThatAnEndpointRefusesDoNotEndTheRun() throws IOException {
    JudgeServer.Behaviour picky =
        (exchange, request) -> {
          String question = JudgeServer.question(request);
          if (question.contains("question 7")) {
            ANSWERS.answer(exchange, request);
          } else if (question.contains("<prompt>\nquestion")) {
            JudgeServer.always(400, "too long").answer(exchange, request);
          } else {
            JudgeServer.always(JudgeServer.completion("A")).answer(exchange, request);
          }
        };
    try (JudgeServer server = new JudgeServer(picky);
        HttpJudge judge = judge(server.url());
        TabularPolicy policy = WORLD.policy().withFollowUps(Refiner.IMPROVE_INSTRUCTION)) {
      List<String> warnings = new ArrayList<>();
      Alignment result =
          builder(judge, policy)
              .listener(
                  new AlignmentListener() {
                    @Override
                    public void onWarning(String message) {
                      warnings.add(message);
                    }
                  })
              .build()
              .align();
      assertEquals(Ending.FINISHED, result.ending());
      assertTrue(result.used().steps() < 5, () -> "steps: " + result.used().steps());
      assertEquals(20, result.used().judgeCalls());
      double abstentions = sum(result, Metrics.ABSTENTIONS);
      assertTrue(abstentions >= 15, () -> "abstentions: " + abstentions);
      assertEquals(0, sum(result, Metrics.FAILURES));
      assertTrue(warnings.stream().anyMatch(text -> text.contains("too long")), warnings::toString);
    }
  }

  private static double sum(Alignment result, Metric metric) {
    return result.rounds().stream()
        .mapToDouble(round -> round.metrics().get(metric).orElse(0))
        .sum();
  }

  @Test
  void annotationEndsToo() {
    try (JudgeServer server = new JudgeServer(REFUSES)) {
      String told = failure(() -> annotated(server.url(), folder.resolve("run")));
      assertTrue(told.contains("401"), told);
    }
  }

  @Test
  void aClosedPortEndsTheRun() throws IOException {
    URI closed;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
      closed =
          URI.create("http://" + loopback.getHostAddress() + ":" + socket.getLocalPort() + "/v1");
    }
    URI url = closed;
    Path run = folder.resolve("run");
    String told = failure(() -> slhf(url, run));
    assertTrue(told.contains("ConnectException"), told);
    assertTrue(Files.isDirectory(run.resolve("checkpoints")));
  }

  private static String failure(Runnable run) {
    return String.valueOf(assertThrows(JudgeFailedException.class, run::run).getMessage());
  }
}
