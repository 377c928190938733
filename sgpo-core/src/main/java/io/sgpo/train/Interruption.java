package io.sgpo.train;

import java.util.concurrent.CancellationException;

/** How long work is stopped. */
public final class Interruption {

  private Interruption() {}

  /**
   * Returns at once unless the calling thread is interrupted. The interrupt status stays set.
   *
   * @param work what is stopped, such as {@code sampling}
   * @throws CancellationException if it is
   */
  public static void check(String work) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException(work + " was interrupted");
    }
  }
}
