package io.sgpo.judge.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An endpoint that gave no answer, or none that can be understood. */
final class EndpointException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private enum Kind {
    PASSING,
    LASTING,
    REFUSAL
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  private EndpointException(String message, Kind kind, @Nullable Duration retryAfter) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** A fault that may pass: asking again makes sense. */
  static EndpointException passing(String message) {
    return new EndpointException(message, Kind.PASSING, null);
  }

  /** A fault that may pass once a time is over. */
  static EndpointException passing(String message, @Nullable Duration retryAfter) {
    return new EndpointException(message, Kind.PASSING, retryAfter);
  }

  /** A fault that asking again will not mend. */
  static EndpointException lasting(String message) {
    return new EndpointException(message, Kind.LASTING, null);
  }

  /** A request that this endpoint will never answer, for what is asked or for how it is asked. */
  static EndpointException refusal(String message) {
    return new EndpointException(message, Kind.REFUSAL, null);
  }

  /** The same after so many requests. */
  EndpointException asked(int times) {
    return times == 1
        ? this
        : new EndpointException(getMessage() + ", asked " + times + " times", kind, retryAfter);
  }

  boolean isPassing() {
    return kind == Kind.PASSING;
  }

  boolean isRefusal() {
    return kind == Kind.REFUSAL;
  }

  /** How long the endpoint asked to be left alone, if it did. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
