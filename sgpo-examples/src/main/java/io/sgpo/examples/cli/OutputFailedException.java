package io.sgpo.examples.cli;

import java.io.IOException;
import java.util.Locale;

/** Standard output took no more. */
final class OutputFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  OutputFailedException(IOException cause) {
    super("standard output could not be written: " + cause.getMessage(), cause);
    reason = String.valueOf(cause.getMessage());
  }

  /** Whether the reader went away, as {@code head} does; nobody is left to be told. */
  boolean isBrokenPipe() {
    return reason.toLowerCase(Locale.ROOT).contains("pipe");
  }
}
