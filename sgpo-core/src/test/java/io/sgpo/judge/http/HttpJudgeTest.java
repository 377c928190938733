package io.sgpo.judge.http;

import static io.sgpo.judge.http.JudgeServer.completion;
import static io.sgpo.judge.http.JudgeServer.respond;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.judge.BothOrders.Contradiction;
import io.sgpo.judge.VerdictCache;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Secret;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge against an endpoint that misbehaves. Pauses are recorded and not made. */
@Timeout(60)
class HttpJudgeTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
  private static final Secret KEY = Secret.of("sk-very-secret");
  private static final ObjectNode SAYS_A = completion("A");

  private final JudgeServer server = new JudgeServer(JudgeServer.always(SAYS_A));
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private VerdictCache cache = VerdictCache.inMemory();

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpJudge judge(UnaryOperator<HttpJudgeOptions.Builder> change) {
    HttpJudgeOptions.Builder options =
        HttpJudgeOptions.of(server.url(), "judge-1").withKey(KEY).toBuilder()
            .retries(2)
            .requestTimeout(Duration.ofSeconds(20));
    return HttpJudge.of(change.apply(options).build(), cache, CLOCK, pauses::add);
  }

  private Verdict verdict(UnaryOperator<HttpJudgeOptions.Builder> change) {
    try (HttpJudge judge = judge(change)) {
      return judge.compare(List.of(comparison("left", "right"))).get(0);
    }
  }

  private Verdict verdict() {
    return verdict(options -> options);
  }

  private static Comparison comparison(String first, String second) {
    return new Comparison(Conversation.user("which?"), Response.of(first), Response.of(second));
  }

  private static double probability(Verdict verdict) {
    return assertInstanceOf(Verdict.Preference.class, verdict).probability();
  }

  private static String failure(Verdict verdict) {
    return assertInstanceOf(Verdict.Failure.class, verdict).reason();
  }

  private static String abstention(Verdict verdict) {
    return assertInstanceOf(Verdict.Abstention.class, verdict).reason();
  }

  /** Prefers the response "left" with the completions given for its two places. */
  private void leftIs(ObjectNode whenFirst, ObjectNode whenSecond) {
    server.behave(
        (exchange, request) -> {
          String question = JudgeServer.question(request);
          boolean first = question.indexOf("left") < question.indexOf("right");
          respond(exchange, 200, (first ? whenFirst : whenSecond).toString());
        });
  }

  @Test
  void readsLogProbsOfAllWaysToWriteTheLetters() {
    leftIs(
        completion(
            "A",
            "A",
            Math.log(0.5),
            " A",
            Math.log(0.1),
            "a",
            Math.log(0.1),
            "B",
            Math.log(0.2),
            " b",
            Math.log(0.05),
            "The",
            Math.log(0.05)),
        completion(" B", " B", Math.log(0.6), "A", Math.log(0.2)));
    double first = 0.7 / 0.95;
    double second = 0.2 / 0.8;
    assertEquals(0.5 + (first - second) / 2, probability(verdict()), 1e-12);
    assertEquals(2, server.requests().size());
  }

  @Test
  void theRequest() {
    assertEquals(0.5, probability(verdict()));
    JsonNode request = server.requests().get(0);
    assertEquals("judge-1", request.get("model").asText());
    assertTrue(request.get("logprobs").asBoolean());
    assertEquals(20, request.get("top_logprobs").asInt());
    assertEquals(0, request.get("temperature").asDouble());
    assertEquals(16, request.get("max_tokens").asInt());
    assertEquals("user", request.get("messages").get(0).get("role").asText());
    assertEquals("Bearer sk-very-secret", server.authorizations().get(0));
  }

  @Test
  void withoutAKeyNoneIsSent() {
    verdict(options -> options.key(null).logProbs(false).maxTokens(0));
    assertEquals("null", server.authorizations().get(0));
    assertFalse(server.requests().get(0).has("logprobs"));
    assertFalse(server.requests().get(0).has("max_tokens"));
  }

  @Test
  void withoutLogProbsTheLetterDecides() {
    leftIs(completion("a"), completion(" B."));
    assertEquals(1, probability(verdict()));
    cache = VerdictCache.inMemory();
    leftIs(completion("**B**"), completion("(A)"));
    assertEquals(0, probability(verdict()));
  }

  @Test
  void bothOrdersSumToOne() {
    leftIs(completion("A", "A", -0.2, "B", -1.7), completion("B", "A", -0.9, "B", -0.6));
    try (HttpJudge judge = judge(options -> options)) {
      List<Verdict> verdicts =
          judge.compare(List.of(comparison("left", "right"), comparison("right", "left")));
      assertEquals(1, probability(verdicts.get(0)) + probability(verdicts.get(1)));
      assertEquals(2, server.requests().size(), "equal questions are asked once");
    }
  }

  @Test
  void contradictionsAreAveragedOrAbstentions() {
    assertEquals(0.5, probability(verdict()));
    String reason = abstention(verdict(options -> options.contradiction(Contradiction.ABSTAIN)));
    assertTrue(reason.contains("contradict") && reason.contains("first response"), reason);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504, 408})
  void whatMayPassIsAskedAgainAfterGrowingPauses(int status) {
    AtomicInteger asked = new AtomicInteger();
    server.behave(
        (exchange, request) -> {
          boolean refused = asked.getAndIncrement() % 3 < 2;
          respond(exchange, refused ? status : 200, refused ? "busy" : SAYS_A.toString());
        });
    assertEquals(0.5, probability(verdict(options -> options.concurrency(1))));
    assertEquals(6, server.requests().size());
    assertEquals(4, pauses.size());
    for (int i = 0; i < 4; i++) {
      long most = i % 2 == 0 ? 1000 : 2000;
      long millis = pauses.get(i).toMillis();
      assertTrue(millis >= most / 2 && millis < most, pauses::toString);
    }
    assertFalse(pauses.get(0).equals(pauses.get(2)), "jitter");
  }

  @Test
  void whatDoesNotPassIsAFailureAndNoTie() {
    server.behave(JudgeServer.always(503, "down"));
    String reason = failure(verdict());
    assertEquals("status 503: down, asked 3 times", reason);
    leftIs(SAYS_A, completion(""));
    assertEquals("the answer is empty", failure(verdict()), "one order alone decides nothing");
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "'Sun, 22 Nov 2026 10:00:09 GMT', 9", "0, 0", "soon, 0"})
  void retryAfterIsHeeded(String header, long seconds) {
    AtomicInteger asked = new AtomicInteger();
    server.behave(
        (exchange, request) -> {
          boolean refused = asked.getAndIncrement() == 0;
          exchange.getResponseHeaders().set("Retry-After", header);
          respond(exchange, refused ? 429 : 200, refused ? "" : SAYS_A.toString());
        });
    assertEquals(0.5, probability(verdict(options -> options.concurrency(1))));
    long least = Math.max(500, seconds * 1000);
    assertEquals(1, pauses.size());
    assertTrue(pauses.get(0).toMillis() >= least, pauses::toString);
    assertTrue(pauses.get(0).toMillis() < least + 1000, pauses::toString);
  }

  @Test
  void anEndpointThatAsksForTooMuchPatienceIsGivenUp() {
    server.behave(
        (exchange, request) -> {
          exchange.getResponseHeaders().set("Retry-After", "3600");
          respond(exchange, 429, "");
        });
    assertEquals("status 429", failure(verdict()));
    assertTrue(pauses.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 422})
  void aRefusalOfAllQuestionsIsAFailureThatIsNotRepeatedAndItsTextHidesTheKey(int status) {
    server.behave(JudgeServer.always(status, "{\"error\": \"bad key sk-very-secret\"}"));
    String reason = failure(verdict());
    assertEquals("status " + status + ": {\"error\": \"bad key [secret]\"}", reason);
    assertTrue(pauses.isEmpty());
  }

  /** Refuses what holds the word "left", whichever order it is asked in, and answers the rest. */
  private void refusesLeft(int status) {
    server.behave(
        (exchange, request) -> {
          boolean refused = JudgeServer.question(request).contains("left");
          respond(exchange, refused ? status : 200, refused ? "too long" : SAYS_A.toString());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void aQuestionThatIsRefusedWhileOthersAreAnsweredIsAnAbstention(int status) {
    refusesLeft(status);
    try (HttpJudge judge = judge(options -> options)) {
      List<Verdict> verdicts =
          judge.compare(List.of(comparison("left", "right"), comparison("up", "down")));
      String reason = abstention(verdicts.get(0));
      assertEquals("the endpoint refuses the question: status " + status + ": too long", reason);
      assertEquals(0.5, probability(verdicts.get(1)));
      int requests = server.requests().size();
      assertEquals(reason, abstention(judge.compare(List.of(comparison("left", "right"))).get(0)));
      assertEquals(requests, server.requests().size(), "it is kept");
    }
    assertTrue(pauses.isEmpty(), "it is not repeated");
  }

  /** Nothing was answered before, so what the endpoint refuses is found out by another question. */
  @Test
  void aRefusedQuestionMayBeTheFirst() {
    refusesLeft(400);
    assertTrue(abstention(verdict(options -> options.concurrency(1))).contains("status 400"));
    assertEquals(4, server.requests().size(), "a plain question for each order");
    assertTrue(JudgeServer.question(server.requests().get(1)).contains("1 + 1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  void whatIsRefusedForAllQuestionsIsAFailureAlsoIfOthersWereAnswered(int status) {
    refusesLeft(status);
    try (HttpJudge judge = judge(options -> options)) {
      assertEquals(0.5, probability(judge.compare(List.of(comparison("up", "down"))).get(0)));
      String reason = failure(judge.compare(List.of(comparison("left", "right"))).get(0));
      assertEquals("status " + status + ": too long", reason);
    }
  }

  @Test
  void anEndpointThatIsBusyWhenItIsAskedPlainlyIsAskedAgain() {
    AtomicInteger plain = new AtomicInteger();
    server.behave(
        (exchange, request) -> {
          boolean refused = JudgeServer.question(request).contains("left");
          int status = refused ? 400 : plain.getAndIncrement() == 0 ? 503 : 200;
          respond(exchange, status, status == 200 ? SAYS_A.toString() : "");
        });
    assertTrue(abstention(verdict(options -> options.concurrency(1))).contains("status 400"));
    assertEquals(3, plain.get(), "twice for one order, once for the other");
    assertEquals(1, pauses.size());
  }

  @Test
  void aSlowAnswerTimesOut() {
    CountDownLatch end = new CountDownLatch(1);
    server.behave((exchange, request) -> await(end));
    Verdict verdict = verdict(o -> o.requestTimeout(Duration.ofMillis(100)).retries(1));
    end.countDown();
    assertTrue(failure(verdict).contains("within PT0.1S, asked 2 times"), failure(verdict));
  }

  @Test
  void aBodyThatNeverEndsTimesOut() {
    CountDownLatch end = new CountDownLatch(1);
    server.behave(
        (exchange, request) -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          await(end);
        });
    Verdict verdict = verdict(o -> o.requestTimeout(Duration.ofMillis(200)).retries(0));
    end.countDown();
    assertTrue(failure(verdict).contains("within PT0.2S"), failure(verdict));
  }

  private static void await(CountDownLatch end) throws IOException {
    try {
      end.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aConnectionThatIsResetIsAFailure() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      AtomicInteger connections = new AtomicInteger();
      Thread resetting =
          new Thread(
              () -> {
                while (!socket.isClosed()) {
                  try (Socket accepted = socket.accept()) {
                    connections.incrementAndGet();
                    accepted.getInputStream().read();
                    accepted.setSoLinger(true, 0);
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      resetting.setDaemon(true);
      resetting.start();
      URI url =
          URI.create(
              "http://" + socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort());
      HttpJudgeOptions options =
          HttpJudgeOptions.of(url, "m").toBuilder().retries(1).concurrency(1).build();
      try (HttpJudge judge = HttpJudge.of(options, cache, CLOCK, pauses::add)) {
        String reason = failure(judge.compare(List.of(comparison("left", "right"))).get(0));
        assertTrue(reason.startsWith("no response") && reason.endsWith("2 times"), reason);
        assertTrue(connections.get() >= 2);
      }
    }
  }

  @Test
  void noServerIsAFailure() {
    server.close();
    String reason = failure(verdict(options -> options.retries(0)));
    assertTrue(reason.startsWith("no response"), reason);
  }

  @Test
  void truncatedJsonIsAFailure() {
    String whole = SAYS_A.toString();
    server.behave(JudgeServer.always(200, whole.substring(0, whole.length() - 9)));
    String reason = failure(verdict());
    assertTrue(reason.contains("must be JSON") && reason.endsWith("3 times"), reason);
  }

  @Test
  void aBodyShorterThanItsLengthIsAFailure() {
    server.behave(
        (exchange, request) -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
        });
    assertTrue(failure(verdict(o -> o.retries(0))).startsWith("no response"));
  }

  @Test
  void aHugeBodyIsNotRead() {
    AtomicLong written = new AtomicLong();
    byte[] chunk = new byte[1 << 16];
    server.behave(
        (exchange, request) -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          for (int i = 0; i < 1 << 14; i++) {
            out.write(chunk);
            written.addAndGet(chunk.length);
          }
        });
    String reason = failure(verdict(options -> options.maxResponseBytes(100_000)));
    assertEquals("the response must have at most 100000 bytes", reason);
    assertTrue(written.get() < 1 << 28, () -> "bytes written: " + written);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"choices": []}              | choices must hold an answer, but is empty
          {"object": "x"}              | choices must hold an answer, but is missing
          []                           | choices must hold an answer, but is missing
          {"choices": [{}]}            | cannot be understood
          {"choices": [1]}             | cannot be understood
          {"choices": "A"}             | choices must hold an answer
          <html>                       | must be JSON
          """)
  void answersThatAreNone(String body, String reason) {
    server.behave(JudgeServer.always(200, body));
    String actual = failure(verdict(options -> options.retries(0)));
    assertTrue(actual.contains(reason), actual);
  }

  @ParameterizedTest
  @CsvSource({"0.7, 0.7", "1e300, 1.0E300", "NaN, NaN", "Infinity, Infinity"})
  void aProbabilityOutsideOfItsDomainIsAFailure(double logProb, String shown) {
    Object value = Double.isFinite(logProb) ? logProb : Double.toString(logProb);
    server.behave(JudgeServer.always(completion("A", "A", value, "B", -1.0)));
    String reason = failure(verdict());
    assertEquals("the log-probability of \"A\" must be <= 0, but was " + shown, reason);
  }

  @Test
  void nanThatIsNoJsonIsAFailure() {
    String body = completion("A", "A", -1.0).toString().replace("-1.0", "NaN");
    server.behave(JudgeServer.always(200, body));
    assertTrue(failure(verdict(options -> options.retries(0))).contains("must be JSON"));
  }

  @Test
  void minusInfinityIsNothing() {
    leftIs(
        completion("A", "A", -0.1, "B", "-Infinity"), completion("B", "B", -9999.0, "A", -9999.0));
    assertEquals(1, probability(verdict()));
  }

  @Test
  void refusalsAreAbstentions() {
    ObjectNode refusal = completion("");
    ((ObjectNode) refusal.get("choices").get(0).get("message"))
        .putNull("content")
        .put("refusal", "I cannot help with that");
    server.behave(JudgeServer.always(refusal));
    assertTrue(abstention(verdict()).contains("I cannot help"));
    cache = VerdictCache.inMemory();
    ObjectNode filtered = completion("A");
    ((ObjectNode) filtered.get("choices").get(0)).put("finish_reason", "content_filter");
    server.behave(JudgeServer.always(filtered));
    assertTrue(abstention(verdict()).contains("filter"));
    cache = VerdictCache.inMemory();
    server.behave(JudgeServer.always(completion("Both are equally good.")));
    assertTrue(abstention(verdict()).contains("neither A nor B: Both"));
  }

  @Test
  void anAnswerCutOffBeforeItsVerdictIsAFailure() {
    ObjectNode cut = completion("Let me think about");
    ((ObjectNode) cut.get("choices").get(0)).put("finish_reason", "length");
    server.behave(JudgeServer.always(cut));
    assertTrue(failure(verdict()).contains("cut off"));
  }

  @Test
  void bracesInResponsesAreData() {
    Comparison comparison =
        new Comparison(
            Conversation.user("{first} $1 \\1"),
            Response.of("{second}{{x}}"),
            Response.of("{prompt}"));
    try (HttpJudge judge = judge(options -> options.concurrency(1))) {
      judge.compare(List.of(comparison));
    }
    String question = JudgeServer.question(server.requests().get(0));
    assertTrue(question.contains("<prompt>\n{first} $1 \\1\n</prompt>"), question);
    assertTrue(question.contains("<response-A>\n{second}{{x}}\n</response-A>"), question);
    assertTrue(question.contains("<response-B>\n{prompt}\n</response-B>"), question);
  }

  @Test
  void idsCannotBeAsked() {
    Comparison ids =
        new Comparison(
            TokenPrompt.of(1), Response.ofTokens(Tokens.of(2)), Response.ofTokens(Tokens.of(3)));
    try (HttpJudge judge = judge(options -> options)) {
      List<Verdict> verdicts = judge.compare(List.of(ids, comparison("left", "right")));
      assertTrue(failure(verdicts.get(0)).contains("token ids"));
      assertEquals(0.5, probability(verdicts.get(1)));
    }
  }

  @Test
  void noMoreRequestsAtOnceThanAllowed() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    server.behave(
        (exchange, request) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          sleep(30);
          now.decrementAndGet();
          respond(exchange, 200, SAYS_A.toString());
        });
    List<Comparison> many = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      many.add(comparison("left " + i, "right " + i));
    }
    try (HttpJudge judge = judge(options -> options.concurrency(3))) {
      judge.compare(many);
    }
    assertEquals(3, most.get());
    assertEquals(20, server.requests().size());
  }

  private static void sleep(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void anInterruptEndsTheCall() {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    server.behave(
        (exchange, request) -> {
          asked.countDown();
          await(end);
        });
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              try {
                asked.await();
                caller.interrupt();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    interrupter.start();
    try (HttpJudge judge = judge(options -> options)) {
      assertThrows(
          CancellationException.class, () -> judge.compare(List.of(comparison("left", "right"))));
      assertTrue(Thread.interrupted(), "the status stays set");
    } finally {
      end.countDown();
    }
  }

  @Test
  void answersAreKeptOnDiskAndTheKeyIsNot() throws IOException {
    Path file = directory.resolve("cache").resolve("verdicts.jsonl");
    leftIs(completion("A", "A", -0.2, "B", -1.7), completion("none"));
    for (int run = 0; run < 2; run++) {
      try (VerdictCache disk = VerdictCache.open(file)) {
        cache = disk;
        assertTrue(abstention(verdict()).contains("neither A nor B"));
      }
      assertEquals(2, server.requests().size());
    }
    assertEquals(2, Files.readAllLines(file).size());
    assertFalse(Files.readString(file).contains("secret"));
  }

  @Test
  void endpointsThatShareACacheKeepTheirOwnVerdicts() {
    leftIs(completion("A"), completion("B"));
    assertEquals(1, probability(verdict()));
    try (JudgeServer other =
            new JudgeServer(
                (exchange, request) -> {
                  String question = JudgeServer.question(request);
                  boolean first = question.indexOf("left") < question.indexOf("right");
                  respond(exchange, 200, completion(first ? "B" : "A").toString());
                });
        HttpJudge judge =
            HttpJudge.of(HttpJudgeOptions.of(other.url(), "judge-1"), cache, CLOCK, pauses::add)) {
      Verdict verdict = judge.compare(List.of(comparison("left", "right"))).get(0);
      assertEquals(0, probability(verdict));
      assertEquals(2, other.requests().size());
    }
    assertEquals(1, probability(verdict()));
    assertEquals(2, server.requests().size(), "the first endpoint's verdicts are still known");
  }

  @Test
  void failuresAreAskedAgain() {
    server.behave(JudgeServer.always(400, ""));
    failure(verdict());
    server.behave(JudgeServer.always(SAYS_A));
    assertEquals(0.5, probability(verdict()));
  }

  @Test
  void optionsOutsideOfTheirDomain() {
    HttpJudgeOptions.Builder options =
        HttpJudgeOptions.of(URI.create("https://host/v1"), "m").toBuilder();
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    Refusals.assertNames(type, () -> HttpJudgeOptions.of(URI.create("ftp://h"), "m"), "url", "ftp");
    Refusals.assertNames(type, () -> HttpJudgeOptions.of(URI.create("http:x"), "m"), "url");
    String message =
        Refusals.message(type, () -> HttpJudgeOptions.of(URI.create("http://u:pw@h"), "m"));
    assertFalse(message.contains("pw"), message);
    Refusals.assertNames(type, () -> HttpJudgeOptions.of(URI.create("http://h"), " "), "model");
    Refusals.assertNames(type, () -> options.concurrency(0).build(), "concurrency", "0");
    Refusals.assertNames(type, () -> options.concurrency(1).retries(-1).build(), "retries", "-1");
    Refusals.assertNames(
        type,
        () -> options.retries(0).requestTimeout(Duration.ZERO).build(),
        "requestTimeout",
        "PT0S");
    Refusals.assertNames(
        type,
        () -> options.requestTimeout(Duration.ofSeconds(1)).maxPause(Duration.ofMillis(1)).build(),
        "maxPause",
        "PT0.001S");
    assertFalse(
        HttpJudgeOptions.of(URI.create("http://h"), "m").withKey(KEY).toString().contains("very"));
  }

  @Test
  void aClosedJudgeIsNotAsked() {
    HttpJudge judge = judge(options -> options);
    judge.close();
    Refusals.assertNames(
        IllegalStateException.class,
        () -> judge.compare(List.of(comparison("left", "right"))),
        "closed");
  }
}
