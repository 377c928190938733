package io.sgpo.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;

/** Watches this process's anonymous resident memory every millisecond, until it is closed. */
final class PeakMemory implements AutoCloseable {

  private final AtomicLong peak = new AtomicLong();
  private final Thread watcher = new Thread(this::watch, "peak-memory");

  PeakMemory() {
    watcher.setDaemon(true);
    watcher.start();
  }

  /** The largest so far, in bytes. */
  long peak() throws IOException {
    return peak.accumulateAndGet(Stopwatch.anonymousMemory(), Math::max);
  }

  private void watch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        peak();
        Thread.sleep(1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
