package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import io.sgpo.train.Interruption;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneThreadsTest {

  @BeforeAll
  static void load() throws Exception {
    ModelConfig config = ModelConfig.llama(8, 4, 4, 1, 1, 1);
    CausalLm.create(config, null, 1, GoldenModel.OPTIONS).close();
  }

  private static void runAll(int threadsEach, int count, Runnable work) {
    LaneThreads.run(threadsEach, IntStream.range(0, count).mapToObj(i -> work).toList());
  }

  private static void sleep(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void allRunAtOnceWithTheirShareOfTheThreads() throws InterruptedException {
    CyclicBarrier all = new CyclicBarrier(3);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    Set<Integer> threads = ConcurrentHashMap.newKeySet();
    int before = PyTorch.threads();
    runAll(
        3,
        3,
        () -> {
          try {
            all.await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          seen.add(Thread.currentThread());
          threads.add(PyTorch.threads());
        });
    assertEquals(3, seen.size());
    assertEquals(Set.of(3), threads);
    assertEquals(before, PyTorch.threads(), "the caller's");
    int[] ofOthers = new int[1];
    Thread other = new Thread(() -> ofOthers[0] = PyTorch.threads());
    other.start();
    other.join();
    assertEquals(before, ofOthers[0], "a new thread's");
  }

  @Test
  void oneAloneRunsOnTheCaller() {
    Thread[] seen = new Thread[1];
    runAll(1, 1, () -> seen[0] = Thread.currentThread());
    assertSame(Thread.currentThread(), seen[0]);
    runAll(1, 2, () -> seen[0] = Thread.currentThread());
    assertNotSame(Thread.currentThread(), seen[0]);
  }

  /** Threads that call the engine while others are made for lanes have the common number. */
  @Test
  void otherThreadsKeepTheirNumber() throws InterruptedException {
    int common = PyTorch.threads();
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    AtomicBoolean done = new AtomicBoolean();
    Thread others =
        new Thread(
            () -> {
              while (!done.get()) {
                Thread one = new Thread(() -> seen.add(PyTorch.threads()));
                one.start();
                Uninterruptibles.joinUninterruptibly(one);
              }
            });
    others.start();
    for (int each = 5; each < 25; each++) { // pools of their own
      runAll(each, 2, () -> {});
    }
    done.set(true);
    others.join();
    assertEquals(Set.of(common), seen);
  }

  /** Some languages throw undeclared what Java would have declared. */
  @Test
  void aCheckedFailureWaitsForTheOthersToo() {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch never = new CountDownLatch(1);
    List<Runnable> work =
        List.of(
            () -> LaneThreadsTest.<RuntimeException>undeclared(new IOException("no")),
            () -> {
              sleep(never);
              ended.set(true);
            });
    Exception thrown = assertThrows(IllegalStateException.class, () -> LaneThreads.run(1, work));
    assertEquals("no", thrown.getCause().getMessage());
    assertTrue(ended.get());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> void undeclared(Exception failure) throws E {
    throw (E) failure;
  }

  /** The first failure is thrown once the others, interrupted by it, have ended. */
  @Test
  void aFailureEndsTheOthers() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    Error failure = new AssertionError("no");
    List<Runnable> work =
        List.of(
            () -> {
              sleep(never);
              ended.set(true);
              Interruption.check("a lane");
            },
            () -> {
              throw failure;
            });
    assertSame(failure, assertThrows(AssertionError.class, () -> LaneThreads.run(1, work)));
    assertTrue(ended.get());
    assertEquals(1, failure.getSuppressed().length);
    runAll(1, 2, () -> assertTrue(!Thread.currentThread().isInterrupted(), "left interrupted"));
  }

  @Test
  void anInterruptOfTheCallerReachesAll() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean cancelled = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              try {
                runAll(
                    1,
                    2,
                    () -> {
                      begun.countDown();
                      sleep(never);
                      Interruption.check("a lane");
                    });
              } catch (CancellationException e) {
                cancelled.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    assertTrue(begun.await(30, TimeUnit.SECONDS));
    caller.interrupt();
    caller.join();
    assertTrue(cancelled.get());
  }
}
