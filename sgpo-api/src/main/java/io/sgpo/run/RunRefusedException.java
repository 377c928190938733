package io.sgpo.run;

/**
 * A run directory cannot be used for this run: it belongs to another run, another process has it,
 * or it holds a run and resuming was not asked for. The message says which, and what to do; nothing
 * was changed.
 */
public final class RunRefusedException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  public RunRefusedException(String message) {
    super(message);
  }

  public RunRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
