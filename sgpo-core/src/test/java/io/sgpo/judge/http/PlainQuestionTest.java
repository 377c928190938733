package io.sgpo.judge.http;

import static io.sgpo.judge.http.JudgeServer.completion;
import static io.sgpo.judge.http.JudgeServer.respond;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.judge.VerdictCache;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.Verdict;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals of one question and of all. */
@Timeout(60)
class PlainQuestionTest {

  private static final JudgeServer.Behaviour ANSWERS = JudgeServer.always(completion("A"));
  private static final Comparison LEFT = comparison("left", "right");
  private static final Comparison UP = comparison("up", "down");

  private final JudgeServer server = new JudgeServer(ANSWERS);
  private final VerdictCache cache = VerdictCache.inMemory();

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpJudge judge(int concurrency) {
    HttpJudgeOptions options =
        HttpJudgeOptions.of(server.url(), "judge").toBuilder().concurrency(concurrency).build();
    return HttpJudge.of(options, cache, Clock.systemUTC(), pause -> {});
  }

  private static Comparison comparison(String first, String second) {
    return new Comparison(Conversation.user("which?"), Response.of(first), Response.of(second));
  }

  private long plainQuestions() {
    return server.requests().stream()
        .filter(request -> JudgeServer.question(request).contains("1 + 1"))
        .count();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void anEndpointThatHasAnsweredAndThenRefusesAllFailsAndNothingOfItIsKept(int status) {
    try (HttpJudge judge = judge(1)) {
      assertEquals(Verdict.of(0.5), judge.compare(List.of(UP)).get(0));
      assertEquals(2, cache.size());
      server.behave(JudgeServer.always(status, "no such setting"));
      Verdict refused = judge.compare(List.of(LEFT)).get(0);
      String reason = assertInstanceOf(Verdict.Failure.class, refused).reason();
      assertEquals("status " + status + ": no such setting", reason);
      assertEquals(2, cache.size());
      assertEquals(1, plainQuestions());
      server.behave(ANSWERS);
      assertEquals(Verdict.of(0.5), judge.compare(List.of(LEFT)).get(0));
    }
  }

  @Test
  void aRefusedPlainQuestionIsAskedOnceACall() {
    server.behave(JudgeServer.always(400, ""));
    try (HttpJudge judge = judge(4)) {
      for (int call = 1; call <= 2; call++) {
        for (Verdict verdict : judge.compare(List.of(LEFT, UP, comparison("in", "out")))) {
          assertInstanceOf(Verdict.Failure.class, verdict);
        }
        assertEquals(call, plainQuestions());
        assertEquals(7 * call, server.requests().size());
      }
    }
  }

  @Test
  void withinACallItIsAskedAgainOnceSomethingIsAnswered() {
    AtomicInteger plain = new AtomicInteger();
    server.behave(
        (exchange, request) -> {
          String question = JudgeServer.question(request);
          boolean refused =
              question.contains("left")
                  || (question.contains("1 + 1") && plain.getAndIncrement() == 0);
          respond(exchange, refused ? 400 : 200, refused ? "" : completion("A").toString());
        });
    try (HttpJudge judge = judge(1)) {
      List<Verdict> verdicts = judge.compare(List.of(LEFT, UP, comparison("left out", "right")));
      assertInstanceOf(Verdict.Failure.class, verdicts.get(0));
      assertEquals(Verdict.of(0.5), verdicts.get(1));
      assertInstanceOf(Verdict.Abstention.class, verdicts.get(2));
      assertEquals(3, plain.get());
    }
  }

  @Test
  void anAnswerToWhatWasAskedSinceIsEnough() throws Exception {
    AtomicReference<PlainQuestion> plain = new AtomicReference<>();
    AtomicInteger asked = new AtomicInteger();
    FutureTask<Boolean> second = new FutureTask<>(() -> plain.get().isAnswered(plain.get().now()));
    Thread waits = new Thread(second);
    PlainQuestion.Asking refuses =
        () -> {
          asked.incrementAndGet();
          waits.start();
          while (waits.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
          }
          plain.get().onAnswer(plain.get().now());
          throw EndpointException.refusal("status 400");
        };
    plain.set(new PlainQuestion(refuses));
    assertFalse(plain.get().isAnswered(plain.get().now()));
    assertTrue(second.get());
    assertEquals(1, asked.get());
  }

  @Test
  void anAnswerToWhatWasAskedBeforeIsNot() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    PlainQuestion plain =
        new PlainQuestion(
            () -> {
              asked.incrementAndGet();
              throw EndpointException.refusal("status 400");
            });
    plain.onAnswer(plain.now());
    assertFalse(plain.isAnswered(plain.now()));
    assertEquals(1, asked.get());
  }
}
