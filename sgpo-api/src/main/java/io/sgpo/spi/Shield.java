package io.sgpo.spi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Input and output that an interrupt does not break off: an interrupted thread cannot use a file
 * channel, so the work is done on a thread of its own while the caller waits. An interrupt stays
 * set.
 */
final class Shield {

  /** Work on files. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private Shield() {}

  static void run(Work work) {
    call(
        () -> {
          work.run();
          return true;
        });
  }

  /**
   * @throws UncheckedIOException if the work throws an IOException
   */
  static <T> T call(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "sgpo-run-store");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          Throwable cause = e.getCause();
          throw unchecked(cause == null ? e : cause);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unchecked(Throwable cause) {
    if (cause instanceof IOException io) {
      return new UncheckedIOException(io.getMessage(), io);
    }
    if (cause instanceof RuntimeException runtime) {
      return runtime;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(cause);
  }
}
