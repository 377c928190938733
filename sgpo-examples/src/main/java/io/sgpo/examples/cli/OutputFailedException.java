package io.sgpo.examples.cli;

import java.io.IOException;
import java.util.Locale;

/** Standard output took no more. */
final class OutputFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutputFailedException(IOException cause) {
    super("standard output could not be written: " + cause.getMessage(), cause);
  }

  /** Whether the reader went away, as {@code head} does; nobody is left to be told. */
  boolean isBrokenPipe() {
    String message = String.valueOf(getCause().getMessage());
    return message.toLowerCase(Locale.ROOT).contains("pipe");
  }
}
