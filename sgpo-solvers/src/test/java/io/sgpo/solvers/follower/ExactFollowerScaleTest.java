package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.loss.Tangents;
import io.sgpo.spi.Follower;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Single precision, threads and memory. */
class ExactFollowerScaleTest {
  private static final Follower EXACT = Followers.exact();

  @Test
  void floatsGiveTheBitsOfTheWidenedGaps() {
    for (int size : new int[] {1, 5, 1000, 5000, 200_000}) {
      float[] gaps = floats(size);
      double[] widened = widened(gaps);
      for (double epsilon : new double[] {0, 0.1, 1, 50}) {
        Ambiguity ball = Ambiguity.wasserstein(epsilon).supportAround(gaps, 1);
        assertEquals(Ambiguity.wasserstein(epsilon).supportAround(widened, 1), ball);
        for (GapLoss loss : List.of(GapLoss.logistic(), Tangents.quantiles(6, widened))) {
          same(EXACT.solve(widened, ball.loss(loss)), EXACT.solve(gaps, ball.loss(loss)));
        }
      }
    }
  }

  @Test
  void everyFollowerTakesFloats() {
    float[] gaps = {0.5f, -0.25f, 1.5f};
    Ambiguity ball = Ambiguity.wasserstein(0.2).support(-1, 2);
    for (Follower follower : List.of(Followers.primalDual(), Followers.grouped(2, 1))) {
      same(follower.solve(widened(gaps), ball), follower.solve(gaps, ball));
    }
  }

  @Test
  void floatsAreRefusedAsDoublesAre() {
    Ambiguity ball = Ambiguity.wasserstein(0.2).support(-1, 2);
    String nan = Refusals.message(() -> EXACT.solve(new float[] {0, Float.NaN}, ball));
    assertTrue(nan.startsWith("gaps must be finite, but gap 1 was NaN"), nan);
    String outside = Refusals.message(() -> EXACT.solve(new float[] {0, 0, 2.5f}, ball));
    assertTrue(outside.contains("gap 2 was 2.5"), outside);
  }

  @Test
  void floatsAreCopied() {
    float[] gaps = {1, 3};
    WorstCase worst = EXACT.solve(gaps, Ambiguity.wasserstein(1).support(0, 4));
    double[] before = worst.moved();
    gaps[0] = 4;
    assertArrayEquals(before, worst.moved());
  }

  /** Above the size from which threads share the work. */
  @Test
  void everyNumberOfThreadsGivesTheSameBits() throws Exception {
    double[] gaps = widened(floats(5 * Scan.PARALLEL_FROM / 2));
    Ambiguity ball = Ambiguity.wasserstein(0.4).supportAround(gaps, 1);
    WorstCase common = EXACT.solve(gaps, ball);
    assertTrue(common.certificate() < 2e-12);
    for (int threads : new int[] {1, 2, 5}) {
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        same(common, pool.submit(() -> EXACT.solve(gaps, ball)).get());
      } finally {
        pool.shutdown();
      }
    }
  }

  /** The first bad gap is named, whichever thread comes across one first. */
  @Test
  void namesTheFirstBadGapOfMany() {
    double[] gaps = new double[3 * Scan.PARALLEL_FROM];
    gaps[100_001] = Double.NaN;
    gaps[100_000] = -7;
    gaps[190_000] = Double.POSITIVE_INFINITY;
    Ambiguity ball = Ambiguity.wasserstein(0.4).support(-1, 1);
    String refusal = Refusals.message(() -> EXACT.solve(gaps, ball));
    assertTrue(refusal.contains("gap 100000 was -7.0"), refusal);
  }

  /**
   * One copy of the gaps, and beside it histograms, blocks and the marginal bucket, garbage
   * included. In a pool of one thread that thread allocates everything.
   */
  @Test
  void memoryIsBelowTwoCopiesOfTheGaps() throws Exception {
    int size = 1_000_000;
    float[] floats = floats(size);
    double[] doubles = widened(floats);
    doubles[17] = 1e9; // an outlier takes more passes, not more memory
    Ambiguity ball = Ambiguity.wasserstein(0.4).supportAround(floats, 1);
    Ambiguity wide = Ambiguity.wasserstein(0.4).supportAround(doubles, 1);
    assertTrue(allocated(() -> EXACT.solve(floats, ball)) < 2.0 * Float.BYTES * size);
    assertTrue(allocated(() -> EXACT.solve(doubles, wide)) < 1.5 * Double.BYTES * size);
  }

  private static long allocated(Supplier<WorstCase> solve) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ForkJoinPool pool = new ForkJoinPool(1);
    try {
      return pool.submit(
              () -> {
                long before = threads.getCurrentThreadAllocatedBytes();
                solve.get().orElseThrow();
                return threads.getCurrentThreadAllocatedBytes() - before;
              })
          .get();
    } finally {
      pool.shutdown();
    }
  }

  private static void same(WorstCase expected, WorstCase worst) {
    assertEquals(expected.status(), worst.status());
    assertEquals(expected.value(), worst.value());
    assertEquals(expected.dualPrice(), worst.dualPrice());
    assertEquals(expected.threshold(), worst.threshold());
    assertEquals(expected.certificate(), worst.certificate());
    assertEquals(expected.saturation(), worst.saturation());
    assertArrayEquals(expected.moved(), worst.moved());
    assertArrayEquals(expected.gradient(), worst.gradient());
    assertArrayEquals(
        expected.weights(LeaderWeighting.ATOMS), worst.weights(LeaderWeighting.ATOMS));
  }

  private static float[] floats(int size) {
    SplittableRandom random = new SplittableRandom(29);
    float[] gaps = new float[size];
    for (int i = 0; i < size; i++) {
      gaps[i] = (float) (0.3 + random.nextGaussian());
    }
    return gaps;
  }

  private static double[] widened(float[] gaps) {
    double[] widened = new double[gaps.length];
    Arrays.setAll(widened, i -> gaps[i]);
    return widened;
  }

  /** A loss that fails ends the solve, and no thread goes on with it. */
  @Test
  void aFailureStopsAllThreads() throws Exception {
    AtomicLong calls = new AtomicLong();
    GapLoss failing =
        new GapLoss() {
          @Override
          public String name() {
            return "failing";
          }

          @Override
          public double value(double gap) {
            if (calls.incrementAndGet() == 1001) {
              throw new IllegalStateException("of the loss");
            }
            return -gap;
          }

          @Override
          public double slope(double gap) {
            return -1;
          }
        };
    double[] gaps = widened(floats(8 * Scan.PARALLEL_FROM));
    Ambiguity ball = Ambiguity.wasserstein(0.1).supportAround(gaps, 1).loss(failing);
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> EXACT.solve(gaps, ball));
    assertTrue(String.valueOf(thrown).contains("of the loss"), thrown::toString);
    long after = calls.get();
    Thread.sleep(50);
    assertEquals(after, calls.get());
  }
}
