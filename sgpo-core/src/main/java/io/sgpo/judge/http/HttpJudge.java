package io.sgpo.judge.http;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.LogProb;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import io.sgpo.judge.BothOrders;
import io.sgpo.judge.CachedJudge;
import io.sgpo.judge.VerdictCache;
import io.sgpo.policy.Streams;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Secret;
import io.sgpo.train.Interruption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * A language model behind an OpenAI-compatible endpoint that is asked which of two responses is
 * better, in both orders. p(y ≻ y') comes from the log-probabilities of the letters where the
 * endpoint gives them, else from the letter.
 *
 * <p>An answer that names neither response (a refusal, "a tie") is an abstention, and so is a
 * question that the endpoint refuses to take (status 400, 413 or 422: too long, unwanted content)
 * while it takes others: it answers one that it is asked after the refusal, or else a plain one ("1
 * + 1 = ?") that is put to it for this, one request more. No answer, or one that cannot be
 * understood, is a failure, after as many repetitions as the options allow. Each question is asked
 * once: verdicts are kept in a cache under the digest of endpoint, model, template and question, as
 * soon as they come.
 *
 * <p>Thread-safe; all calls together make at most {@link HttpJudgeOptions#concurrency} requests at
 * once. An interrupt cancels the requests of its call. Whoever made it closes it; the cache is the
 * caller's.
 */
public final class HttpJudge implements PreferenceModel, AutoCloseable {

  /** So many candidates per token; more than that not all endpoints give. */
  private static final int CANDIDATES = 20;

  /** Waits. */
  interface Pauses {
    void pause(Duration length) throws InterruptedException;
  }

  private final HttpJudgeOptions options;
  private final OpenAiChatModel model;
  private final VerdictCache cache;
  private final Pauses pauses;
  private final ExecutorService requests;
  private final BothOrders judge;
  private final PlainQuestion plain;

  private HttpJudge(HttpJudgeOptions options, VerdictCache cache, Clock clock, Pauses pauses) {
    this.options = options;
    this.cache = cache;
    this.pauses = pauses;
    this.model = model(options, clock);
    this.requests = Executors.newFixedThreadPool(options.concurrency(), HttpJudge::daemon);
    this.judge = BothOrders.of(this::inOrder, options.contradiction());
    this.plain =
        new PlainQuestion(
            () -> answered(options.template().question(PlainQuestion.COMPARISON), "plainest"));
  }

  /**
   * A judge.
   *
   * @param cache of verdicts, such as {@link VerdictCache#inMemory()}; it is not closed with the
   *     judge
   * @throws IllegalStateException if the client library is not on the class path
   */
  public static HttpJudge of(HttpJudgeOptions options, VerdictCache cache) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(cache, "cache");
    try {
      return of(options, cache, Clock.systemUTC(), length -> Thread.sleep(length.toMillis()));
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "a judge behind HTTP needs dev.langchain4j:langchain4j-open-ai on the class path", e);
    }
  }

  static HttpJudge of(HttpJudgeOptions options, VerdictCache cache, Clock clock, Pauses pauses) {
    return new HttpJudge(options, cache, clock, pauses);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "sgpo-judge");
    thread.setDaemon(true);
    return thread;
  }

  private static OpenAiChatModel model(HttpJudgeOptions options, Clock clock) {
    var builder =
        OpenAiChatModel.builder()
            .httpClientBuilder(new Transport(options, clock).builder())
            .baseUrl(options.url().toString())
            .modelName(options.model())
            .temperature(0.0)
            .maxRetries(0);
    Secret key = options.key();
    if (key != null) {
      builder.apiKey(key.reveal());
    }
    if (options.maxTokens() > 0) {
      builder.maxTokens(options.maxTokens());
    }
    if (options.logProbs()) {
      builder.logprobs(true).topLogprobs(CANDIDATES);
    }
    return builder.build();
  }

  /** The model's name, how it is asked, and the digest of the template; not the endpoint. */
  @Override
  public String identity() {
    return "http %s, template %s, contradictions: %s, log-probabilities: %s, tokens: %d"
        .formatted(
            options.model(),
            CachedJudge.digest(options.template().text()),
            options.contradiction(),
            options.logProbs(),
            options.maxTokens());
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    Interruption.check("judging");
    return judge.compare(comparisons);
  }

  /** The verdicts with the first response as A, in that order only; equal questions once. */
  private List<Verdict> inOrder(List<Comparison> comparisons) {
    long call = plain.now();
    List<Object> askedOrRefused = new ArrayList<>(comparisons.size());
    Map<String, Future<Verdict>> asked = new LinkedHashMap<>();
    for (Comparison comparison : comparisons) {
      try {
        String question = options.template().question(comparison);
        askedOrRefused.add(question);
        asked.computeIfAbsent(question, any -> submit(question, call));
      } catch (IllegalArgumentException e) {
        askedOrRefused.add(new Verdict.Failure(String.valueOf(e.getMessage())));
      }
    }
    Map<String, Verdict> answers = answers(asked);
    List<Verdict> verdicts = new ArrayList<>(comparisons.size());
    for (Object one : askedOrRefused) {
      verdicts.add(
          one instanceof Verdict refused ? refused : Objects.requireNonNull(answers.get(one)));
    }
    return verdicts;
  }

  private Future<Verdict> submit(String question, long call) {
    try {
      return requests.submit(() -> verdict(question, call));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the judge is closed", e);
    }
  }

  private static Map<String, Verdict> answers(Map<String, Future<Verdict>> asked) {
    Map<String, Verdict> answers = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Future<Verdict>> question : asked.entrySet()) {
        answers.put(question.getKey(), question.getValue().get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("judging was interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } finally {
      asked.values().forEach(future -> future.cancel(true));
    }
  }

  /** The verdict on a question, from the cache or the endpoint. */
  private Verdict verdict(String question, long call) throws InterruptedException {
    String key =
        CachedJudge.digest(
            "http-judge/2",
            options.url().toString(),
            options.model(),
            options.template().text(),
            Boolean.toString(options.logProbs()),
            question);
    Verdict known = cache.get(key).orElse(null);
    if (known != null) {
      return known;
    }
    Verdict verdict = asked(question, key, call);
    cache.put(key, verdict);
    return verdict;
  }

  private Verdict asked(String question, String key, long call) throws InterruptedException {
    try {
      return answered(question, key);
    } catch (EndpointException e) {
      boolean ofQuestion = e.isRefusal() && plain.isAnswered(call);
      String reason = redacted(String.valueOf(e.getMessage()));
      return ofQuestion
          ? new Verdict.Abstention("the endpoint refuses the question: " + reason)
          : new Verdict.Failure(reason);
    }
  }

  /** The answer, after as many repetitions as make sense. */
  private Verdict answered(String question, String key) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      try {
        return answer(question);
      } catch (EndpointException e) {
        Duration asked = e.retryAfter();
        boolean tooLong = asked != null && asked.compareTo(options.maxPause()) > 0;
        if (!e.isPassing() || tooLong || attempt == options.retries()) {
          throw e.asked(attempt + 1);
        }
        Duration own = pause(attempt, key);
        pauses.pause(asked != null && asked.compareTo(own) > 0 ? asked : own);
      }
    }
  }

  /** min(first · 2^attempt, max) times a number in [½, 1) that depends on the question. */
  private Duration pause(int attempt, String key) {
    double first = (double) options.firstPause().toNanos() * Math.pow(2, attempt);
    double longest = Math.min(first, (double) options.maxPause().toNanos());
    double share = Streams.of(options.seed(), "judge-pause/" + key, attempt).nextDouble(0.5, 1);
    return Duration.ofNanos((long) (longest * share));
  }

  private String redacted(String message) {
    Secret key = options.key();
    return key == null ? message : key.redact(message);
  }

  private Verdict answer(String question) {
    long asked = plain.now();
    try {
      ChatResponse response =
          model.chat(ChatRequest.builder().messages(UserMessage.from(question)).build());
      plain.onAnswer(asked);
      return read(response);
    } catch (ContentFilteredException e) {
      plain.onAnswer(asked);
      return new Verdict.Abstention("refused: " + e.getMessage());
    } catch (EndpointException | CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      throw EndpointException.lasting("the response cannot be understood: " + e);
    }
  }

  private static Verdict read(ChatResponse response) {
    if (response.finishReason() == FinishReason.CONTENT_FILTER) {
      return new Verdict.Abstention("refused by the content filter");
    }
    String text = response.aiMessage().text();
    boolean complete = response.finishReason() != FinishReason.LENGTH;
    List<VerdictReader.Place> places = new ArrayList<>();
    if (response.metadata() instanceof OpenAiChatResponseMetadata metadata
        && metadata.logProbs() != null) {
      for (LogProb token : metadata.logProbs()) {
        places.add(place(token));
      }
    }
    return VerdictReader.read(text == null ? "" : text, complete, places);
  }

  private static VerdictReader.Place place(LogProb token) {
    List<VerdictReader.Candidate> candidates = new ArrayList<>();
    if (token.topLogprobs() != null) {
      token.topLogprobs().forEach(other -> candidates.add(candidate(other)));
    }
    if (candidates.isEmpty()) {
      candidates.add(candidate(token));
    }
    return new VerdictReader.Place(token.token(), candidates);
  }

  private static VerdictReader.Candidate candidate(LogProb token) {
    Double logProb = token.logprob();
    return new VerdictReader.Candidate(token.token(), logProb == null ? Double.NaN : logProb);
  }

  /** Cancels what is under way. */
  @Override
  public void close() {
    requests.shutdownNow();
  }
}
