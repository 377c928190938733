package io.sgpo.lm;

import com.google.common.base.Throwables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that run kernels side by side, each operation on a share of the processor's cores: for a
 * small model that is faster than all cores in every operation, which then wait for each other
 * thousands of times in a step. They are daemons and stay for the process like the {@link
 * KernelModule} that they run: to make one changes a number of the engine for a moment.
 * Thread-safe.
 */
final class LaneThreads {

  /** By the number of threads that an operation takes. */
  private static final Map<Integer, ThreadPoolExecutor> POOLS = new ConcurrentHashMap<>();

  private LaneThreads() {}

  /**
   * Runs everything and returns once all has ended, so that what it worked on may be taken away. If
   * one fails, or the caller is interrupted, the others are interrupted.
   *
   * @param threadsEach threads of one operation
   * @param work side by side if there is more than one; what failed first is thrown
   */
  static void run(int threadsEach, List<? extends Runnable> work) {
    if (work.size() == 1) {
      work.get(0).run();
      return;
    }
    ThreadPoolExecutor pool = POOLS.computeIfAbsent(threadsEach, any -> pool());
    Crew crew = new Crew();
    List<Future<?>> running = new ArrayList<>();
    boolean complete = false;
    try {
      work.forEach(one -> running.add(pool.submit(() -> crew.run(threadsEach, one))));
      complete = true;
    } finally {
      if (!complete) {
        crew.stop();
      }
      crew.await(running);
    }
    crew.throwFailure();
  }

  private static ThreadPoolExecutor pool() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        Long.MAX_VALUE,
        TimeUnit.NANOSECONDS,
        new SynchronousQueue<>(),
        LaneThread::new);
  }

  /** A thread of a pool. */
  private static final class LaneThread extends Thread {

    private boolean limited;

    LaneThread(Runnable work) {
      super(work, "sgpo-lane");
      setDaemon(true);
    }

    static void limit(int threads) {
      if (Thread.currentThread() instanceof LaneThread lane && !lane.limited) {
        PyTorch.limitThreads(threads);
        lane.limited = true;
      }
    }
  }

  /** Those that work on one call. */
  private static final class Crew {

    private final Set<Thread> working = new HashSet<>();
    private final List<Throwable> failures = new ArrayList<>();
    private boolean stopped;

    void run(int threadsEach, Runnable work) {
      begin();
      try {
        LaneThread.limit(threadsEach);
        work.run();
      } catch (Throwable e) { // checked ones too, which some languages throw undeclared
        fail(e);
      } finally {
        end();
      }
    }

    private synchronized void begin() {
      working.add(Thread.currentThread());
      if (stopped) {
        Thread.currentThread().interrupt();
      }
    }

    private synchronized void fail(Throwable failure) {
      failures.add(failure);
      stop();
    }

    private synchronized void end() {
      working.remove(Thread.currentThread());
      Thread.interrupted(); // the thread goes on to the work of others
    }

    synchronized void stop() {
      stopped = true;
      working.forEach(Thread::interrupt);
    }

    /** Waits for all, interrupted or not; the interrupt status stays. */
    void await(List<Future<?>> running) {
      boolean interrupted = false;
      for (Future<?> one : running) {
        boolean ended = false;
        while (!ended) {
          try {
            one.get();
            ended = true;
          } catch (InterruptedException e) {
            interrupted = true;
            stop();
          } catch (ExecutionException e) {
            fail(e); // of the pool, since those of the work are collected
            ended = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    synchronized void throwFailure() {
      if (!failures.isEmpty()) {
        Throwable first = failures.get(0);
        failures.stream().filter(other -> other != first).forEach(first::addSuppressed);
        Throwables.throwIfUnchecked(first);
        throw new IllegalStateException(first);
      }
    }
  }
}
