package io.sgpo.train;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/**
 * One training step at a time in the whole process. The engine's gradients are a process-wide
 * affair (DJL allows one gradient collector per JVM), and two steps at once would need the memory
 * of both and share the same cores. All back-propagation of a step happens inside the gate.
 */
public final class TrainingGate implements AutoCloseable {

  private static final Semaphore GATE = new Semaphore(1, true);

  private boolean open = true;

  private TrainingGate() {}

  /**
   * Enters, waiting for whoever is inside; close to leave. Not reentrant.
   *
   * @throws CancellationException if the calling thread is interrupted; its interrupt status stays
   *     set
   */
  public static TrainingGate enter() {
    try {
      GATE.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("training was interrupted while another step ran");
      cancelled.initCause(e);
      throw cancelled;
    }
    return new TrainingGate();
  }

  /** Enters if no one is inside. */
  public static Optional<TrainingGate> tryEnter() {
    return GATE.tryAcquire() ? Optional.of(new TrainingGate()) : Optional.empty();
  }

  /** Leaves. Idempotent. */
  @Override
  public void close() {
    if (open) {
      open = false;
      GATE.release();
    }
  }
}
