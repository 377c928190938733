package io.sgpo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class GracefulExitTest {

  @Test
  void stoppingInterruptsTheCommandAndWaitsForItsEnd() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    AtomicBoolean tidied = new AtomicBoolean();
    AtomicBoolean seen = new AtomicBoolean();
    GracefulExit exit = new GracefulExit(Thread.currentThread(), Duration.ofSeconds(20));
    Thread signal =
        new Thread(
            () -> {
              await(started);
              assertTrue(exit.stop());
              seen.set(tidied.get());
            });
    signal.start();
    int status =
        exit.run(
            () -> {
              started.countDown();
              while (!Thread.interrupted()) {
                Thread.onSpinWait();
              }
              tidied.set(true);
              return 1;
            });
    signal.join();
    assertEquals(1, status);
    assertTrue(seen.get(), "stop returned before the command had ended");
  }

  @Test
  void aCommandThatDoesNotEndIsNotWaitedForForEver() {
    GracefulExit exit = new GracefulExit(new Thread(() -> {}), Duration.ofMillis(20));
    assertFalse(exit.stop());
  }

  @Test
  void aCommandThatHasEndedIsNotInterrupted() {
    GracefulExit exit = new GracefulExit(Thread.currentThread(), Duration.ofSeconds(20));
    assertEquals(0, exit.run(() -> 0));
    assertTrue(exit.stop());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
