package io.sgpo.train;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * One training step at a time in the whole process. The engine's gradients are a process-wide
 * affair (DJL allows one gradient collector per JVM), and two steps at once would need the memory
 * of both and share the same cores. All back-propagation of a step happens inside the gate.
 */
public final class TrainingGate {

  private static final Semaphore GATE = new Semaphore(1, true);

  private TrainingGate() {}

  /**
   * Runs a step, waiting for whoever is inside. Not reentrant.
   *
   * @throws CancellationException if the calling thread is interrupted while it waits; its
   *     interrupt status stays set
   */
  public static <T> T run(Supplier<T> step) {
    try {
      GATE.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("training was interrupted while another step ran");
      cancelled.initCause(e);
      throw cancelled;
    }
    try {
      return step.get();
    } finally {
      GATE.release();
    }
  }

  /** Whether a step is running. */
  public static boolean isBusy() {
    return GATE.availablePermits() == 0;
  }
}
