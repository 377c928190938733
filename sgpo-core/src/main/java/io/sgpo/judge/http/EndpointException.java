package io.sgpo.judge.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An endpoint that gave no answer, or none that can be understood. */
final class EndpointException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean passing;
  private final @Nullable Duration retryAfter;

  private EndpointException(String message, boolean passing, @Nullable Duration retryAfter) {
    super(message);
    this.passing = passing;
    this.retryAfter = retryAfter;
  }

  /** A fault that may pass: asking again makes sense. */
  static EndpointException passing(String message) {
    return new EndpointException(message, true, null);
  }

  /** A fault that may pass once a time is over. */
  static EndpointException passing(String message, @Nullable Duration retryAfter) {
    return new EndpointException(message, true, retryAfter);
  }

  /** A fault that asking again will not mend. */
  static EndpointException lasting(String message) {
    return new EndpointException(message, false, null);
  }

  boolean isPassing() {
    return passing;
  }

  /** How long the endpoint asked to be left alone, if it did. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
