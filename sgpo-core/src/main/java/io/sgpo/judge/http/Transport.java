package io.sgpo.judge.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The client library's way to the endpoint: the JDK's HTTP client with a limit on the size of a
 * response and on the time from the request to the response's last byte. Every fault is an {@link
 * EndpointException}.
 */
final class Transport implements HttpClient {

  /** What is told of a refusal's body. */
  private static final int TOLD = 300;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final java.net.http.HttpClient client;
  private final Duration requestTimeout;
  private final long maxBytes;
  private final Clock clock;

  Transport(HttpJudgeOptions options, Clock clock) {
    this.client =
        java.net.http.HttpClient.newBuilder()
            .version(java.net.http.HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.connectTimeout())
            .build();
    this.requestTimeout = options.requestTimeout();
    this.maxBytes = options.maxResponseBytes();
    this.clock = clock;
  }

  /** What the client library builds its transport with: this one, as it is. */
  HttpClientBuilder builder() {
    return new Given(this);
  }

  private record Given(Transport transport) implements HttpClientBuilder {
    @Override
    public Duration connectTimeout() {
      return transport.requestTimeout;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      return this;
    }

    @Override
    public Duration readTimeout() {
      return transport.requestTimeout;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      return this;
    }

    @Override
    public HttpClient build() {
      return transport;
    }
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    HttpResponse<byte[]> response = send(request);
    String body = new String(response.body(), StandardCharsets.UTF_8);
    if (response.statusCode() / 100 != 2) {
      throw refusal(response, body);
    }
    requireAnswer(body);
    return SuccessfulHttpResponse.builder()
        .statusCode(response.statusCode())
        .headers(response.headers().map())
        .body(body)
        .build();
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    throw new UnsupportedOperationException("a judge does not stream");
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(jdkRequest(request), head -> new LimitedBody(maxBytes));
    try {
      return sent.get(requestTimeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw EndpointException.passing("no complete response within " + requestTimeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("judging was interrupted");
    } catch (ExecutionException e) {
      throw fault(e.getCause());
    } finally {
      sent.cancel(true);
    }
  }

  private static EndpointException fault(@Nullable Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof EndpointException known) {
        return known;
      }
    }
    return EndpointException.passing("no response: " + cause);
  }

  private static java.net.http.HttpRequest jdkRequest(HttpRequest request) {
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()));
    request.headers().forEach((name, values) -> values.forEach(v -> builder.header(name, v)));
    String body = request.body();
    return builder
        .method(
            request.method().name(),
            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }

  /** 408, 409, 429 and 5xx may pass; 400, 413 and 422 may be for the question's sake. */
  private EndpointException refusal(HttpResponse<byte[]> response, String body) {
    int status = response.statusCode();
    String start = body.strip().substring(0, Math.min(TOLD, body.strip().length()));
    String message = "status " + status + (start.isEmpty() ? "" : ": " + start);
    if (status == 408 || status == 409 || status == 429 || status >= 500) {
      return EndpointException.passing(message, retryAfter(response));
    }
    return status == 400 || status == 413 || status == 422
        ? EndpointException.refusal(message)
        : EndpointException.lasting(message);
  }

  /** Seconds or a date (RFC 9110, section 10.2.3); what is neither is not heeded. */
  private @Nullable Duration retryAfter(HttpResponse<byte[]> response) {
    String value = response.headers().firstValue("retry-after").orElse("").strip();
    try {
      if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Duration.ofSeconds(Math.min(Long.parseLong(value), Integer.MAX_VALUE));
      }
      if (!value.isEmpty()) {
        ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
        Duration left = Duration.between(clock.instant(), date.toInstant());
        return left.isNegative() ? Duration.ZERO : left;
      }
    } catch (NumberFormatException | DateTimeParseException e) {
      return null;
    }
    return null;
  }

  /** Refuses a body that is no whole JSON object with a choice in it. */
  private static void requireAnswer(String body) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw EndpointException.passing("the response must be JSON, but " + e.getOriginalMessage());
    }
    if (!root.path("choices").isArray() || root.path("choices").isEmpty()) {
      throw EndpointException.lasting(
          "choices must hold an answer, but " + (root.has("choices") ? "is empty" : "is missing"));
    }
  }
}
