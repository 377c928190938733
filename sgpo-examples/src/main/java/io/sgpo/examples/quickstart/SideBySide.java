package io.sgpo.examples.quickstart;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks on several threads and waits for all of them. */
final class SideBySide {

  private SideBySide() {}

  /**
   * The tasks' results, in the tasks' order. When a task fails, or the calling thread is
   * interrupted, the others are interrupted and waited for.
   *
   * @throws CancellationException if the calling thread is interrupted
   * @throws IOException if a task throws one
   */
  static <T> List<T> run(List<Callable<T>> tasks, int workers) throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(workers, tasks.size()));
    try {
      List<Future<T>> running = tasks.stream().map(pool::submit).toList();
      List<T> results = new ArrayList<>();
      for (Future<T> task : running) {
        results.add(task.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the trials were interrupted");
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      Throwables.throwIfInstanceOf(cause, IOException.class);
      Throwables.throwIfUnchecked(cause);
      throw new IllegalStateException(cause);
    } finally {
      end(pool);
    }
  }

  /** Native memory must not be freed under a task that still runs. */
  private static void end(ExecutorService pool) {
    pool.shutdownNow();
    boolean interrupted = Thread.interrupted();
    boolean ended = false;
    while (!ended) {
      try {
        ended = pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
