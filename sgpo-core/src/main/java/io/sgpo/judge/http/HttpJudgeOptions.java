package io.sgpo.judge.http;

import io.sgpo.judge.BothOrders.Contradiction;
import io.sgpo.judge.JudgeTemplate;
import io.sgpo.run.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a judge behind an HTTP endpoint is asked.
 *
 * @param url the endpoint's base, {@code http} or {@code https}, to which {@code /chat/completions}
 *     is added, such as {@code http://localhost:8000/v1}
 * @param model the model's name there
 * @param key the API key, or null for none
 * @param template the question
 * @param contradiction what becomes of a comparison whose two orders contradict each other
 * @param logProbs whether log-probabilities of the verdict are asked for; where the endpoint gives
 *     none, the verdict is the letter alone, p = 0 or 1
 * @param maxTokens limit on the answer's tokens, {@code >= 0}; 0 asks for none. The verdict must
 *     come within it
 * @param concurrency the most requests at once, {@code >= 1}
 * @param connectTimeout for a connection, {@code > 0}
 * @param requestTimeout from a request to the last byte of its response, {@code > 0}
 * @param retries how often a request that failed and may not fail again is repeated, {@code >= 0}
 * @param firstPause before the first repetition, {@code > 0}; it doubles with each one, and a
 *     random half of it is left out
 * @param maxPause the longest pause, {@code >= firstPause}; an endpoint that asks for a longer one
 *     ({@code Retry-After}) is given up
 * @param maxResponseBytes the largest response that is read, {@code >= 1}
 * @param seed the pauses' random halves are functions of it
 */
public record HttpJudgeOptions(
    URI url,
    String model,
    @Nullable Secret key,
    JudgeTemplate template,
    Contradiction contradiction,
    boolean logProbs,
    int maxTokens,
    int concurrency,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries,
    Duration firstPause,
    Duration maxPause,
    long maxResponseBytes,
    long seed) {

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public HttpJudgeOptions {
    Objects.requireNonNull(template, "template");
    Objects.requireNonNull(contradiction, "contradiction");
    requireUrl(url);
    if (model.isBlank()) {
      throw new IllegalArgumentException("model must not be blank, but was \"" + model + "\"");
    }
    requireAtLeast("maxTokens", maxTokens, 0);
    requireAtLeast("concurrency", concurrency, 1);
    requireAtLeast("retries", retries, 0);
    requireAtLeast("maxResponseBytes", maxResponseBytes, 1);
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("requestTimeout", requestTimeout);
    requirePositive("firstPause", firstPause);
    if (maxPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "maxPause must be >= firstPause = " + firstPause + ", but was " + maxPause);
    }
  }

  private static void requireUrl(URI url) {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "url must be http or https with a host and without a user, but was "
              + (url.getUserInfo() == null ? url : "one with a user"));
    }
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be >= " + least + ", but was " + value);
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be > 0, but was " + value);
    }
  }

  /**
   * No key, the default question, contradictions averaged, log-probabilities, 16 tokens, 8 requests
   * at once, 10 s to connect, 120 s for a response, 5 repetitions after pauses of 1 s up to 60 s,
   * responses up to 1 MiB, seed 0.
   */
  public static HttpJudgeOptions of(URI url, String model) {
    return new HttpJudgeOptions(
        url,
        model,
        null,
        JudgeTemplate.DEFAULT,
        Contradiction.AVERAGE,
        true,
        16,
        8,
        Duration.ofSeconds(10),
        Duration.ofSeconds(120),
        5,
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        1 << 20,
        0);
  }

  public HttpJudgeOptions withKey(@Nullable Secret value) {
    return toBuilder().key(value).build();
  }

  public HttpJudgeOptions withTemplate(JudgeTemplate value) {
    return toBuilder().template(value).build();
  }

  /** A copy to be changed. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects options; {@link #build} checks them. Not thread-safe. */
  public static final class Builder {
    private final URI url;
    private final String model;
    private @Nullable Secret key;
    private JudgeTemplate template;
    private Contradiction contradiction;
    private boolean logProbs;
    private int maxTokens;
    private int concurrency;
    private Duration connectTimeout;
    private Duration requestTimeout;
    private int retries;
    private Duration firstPause;
    private Duration maxPause;
    private long maxResponseBytes;
    private long seed;

    private Builder(HttpJudgeOptions options) {
      this.url = options.url;
      this.model = options.model;
      this.key = options.key;
      this.template = options.template;
      this.contradiction = options.contradiction;
      this.logProbs = options.logProbs;
      this.maxTokens = options.maxTokens;
      this.concurrency = options.concurrency;
      this.connectTimeout = options.connectTimeout;
      this.requestTimeout = options.requestTimeout;
      this.retries = options.retries;
      this.firstPause = options.firstPause;
      this.maxPause = options.maxPause;
      this.maxResponseBytes = options.maxResponseBytes;
      this.seed = options.seed;
    }

    public Builder key(@Nullable Secret value) {
      key = value;
      return this;
    }

    public Builder template(JudgeTemplate value) {
      template = value;
      return this;
    }

    public Builder contradiction(Contradiction value) {
      contradiction = value;
      return this;
    }

    public Builder logProbs(boolean value) {
      logProbs = value;
      return this;
    }

    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    public Builder concurrency(int value) {
      concurrency = value;
      return this;
    }

    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    public Builder retries(int value) {
      retries = value;
      return this;
    }

    public Builder firstPause(Duration value) {
      firstPause = value;
      return this;
    }

    public Builder maxPause(Duration value) {
      maxPause = value;
      return this;
    }

    public Builder maxResponseBytes(long value) {
      maxResponseBytes = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException if a value is outside its domain
     */
    public HttpJudgeOptions build() {
      return new HttpJudgeOptions(
          url,
          model,
          key,
          template,
          contradiction,
          logProbs,
          maxTokens,
          concurrency,
          connectTimeout,
          requestTimeout,
          retries,
          firstPause,
          maxPause,
          maxResponseBytes,
          seed);
    }
  }
}
