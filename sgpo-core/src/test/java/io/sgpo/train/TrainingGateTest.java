package io.sgpo.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TrainingGateTest {

  @Test
  void aSecondStepWaitsForTheFirst() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(
            () ->
                TrainingGate.run(
                    () -> {
                      inside.countDown();
                      await(finish);
                      return 1;
                    }));
    inside.await();
    assertTrue(TrainingGate.isBusy());
    CompletableFuture<Long> second =
        CompletableFuture.supplyAsync(() -> TrainingGate.run(finish::getCount));
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, () -> TrainingGate.run(() -> 0));
    assertTrue(Thread.interrupted());
    assertFalse(second.isDone());
    finish.countDown();
    assertEquals(1, first.join());
    assertEquals(0, second.join());
    assertFalse(TrainingGate.isBusy());
  }

  @Test
  void aStepThatFailsLeaves() {
    assertThrows(
        ArithmeticException.class,
        () ->
            TrainingGate.run(
                () -> {
                  throw new ArithmeticException("not finite");
                }));
    assertEquals(1, TrainingGate.run(() -> 1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
