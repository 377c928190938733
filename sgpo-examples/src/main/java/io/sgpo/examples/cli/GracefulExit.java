package io.sgpo.examples.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Lets a command end in order when the JVM is told to stop, as by Ctrl-C or SIGTERM: its thread is
 * interrupted, and the JVM waits for it, so that native code is not running while the process is
 * taken down, and a run ends in a checkpoint that it can be resumed from. A second signal does not
 * shorten the wait.
 */
public final class GracefulExit {

  /** Longer than a step of training and a checkpoint on a small machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Thread command;
  private final Duration patience;
  private final CountDownLatch done = new CountDownLatch(1);

  GracefulExit(Thread command, Duration patience) {
    this.command = command;
    this.patience = patience;
  }

  /** Runs a command on this thread, in order also when the JVM is told to stop meanwhile. */
  public static int guard(IntSupplier command) {
    GracefulExit exit = new GracefulExit(Thread.currentThread(), PATIENCE);
    Runtime.getRuntime().addShutdownHook(new Thread(exit::stop, "sgpo-exit"));
    return exit.run(command);
  }

  int run(IntSupplier work) {
    try {
      return work.getAsInt();
    } finally {
      done.countDown();
    }
  }

  /**
   * Interrupts the command if it runs, and waits for its end, but not for ever.
   *
   * @return whether it has ended
   */
  boolean stop() {
    boolean ended = done.getCount() == 0;
    if (ended) {
      return true;
    }
    command.interrupt();
    try {
      ended = done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }
}
