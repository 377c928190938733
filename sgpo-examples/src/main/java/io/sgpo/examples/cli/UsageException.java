package io.sgpo.examples.cli;

/**
 * Bad usage or bad input: ends the program with status 2 and the message as its one line on
 * standard error.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
