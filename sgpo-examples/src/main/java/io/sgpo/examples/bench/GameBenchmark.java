package io.sgpo.examples.bench;

import io.sgpo.solvers.game.KlStrengths;
import io.sgpo.solvers.game.PreferenceGame;
import io.sgpo.solvers.game.PreferenceMatrix;
import io.sgpo.solvers.game.StackelbergEquilibrium;
import io.sgpo.solvers.game.StackelbergSolution;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The exact Stackelberg equilibrium against one pass of {@code Math.exp} over the same matrix. A
 * solve should cost no more than two passes.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   org.openjdk.jmh.Main GameBenchmark
 * </pre>
 *
 * <p>The solve takes all processors of the common pool; {@code -jvmArgsAppend
 * -Djava.util.concurrent.ForkJoinPool.common.parallelism=1} with {@code taskset -c 0} holds it to
 * one. 10,000 actions are a matrix of 800 MB.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class GameBenchmark {

  /** n, the number of actions. */
  @Param({"200", "1000", "10000"})
  public int actions;

  /** τ of both players. */
  @Param("0.1")
  public double kl;

  private double[] entries = {};
  private PreferenceGame game = PreferenceGame.of(new double[][] {{0.5}});

  /** Draws the preferences, the same ones in every run. */
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(17);
    entries = new double[actions * actions];
    for (int y = 0; y < actions; y++) {
      entries[y * actions + y] = 0.5;
      for (int other = 0; other < y; other++) {
        double p = random.nextDouble();
        entries[y * actions + other] = p;
        entries[other * actions + y] = 1 - p;
      }
    }
    game = PreferenceGame.of(PreferenceMatrix.ofRowMajor(actions, entries));
  }

  /** The yardstick: Math.exp of every entry over τ, summed, by one thread. */
  @Benchmark
  public double onePassOfExp() {
    double sum = 0;
    for (double entry : entries) {
      sum += Math.exp(-entry / kl);
    }
    return sum;
  }

  /** The yardstick by all threads. */
  @Benchmark
  public double onePassOfExpInParallel() {
    return IntStream.range(0, actions).parallel().mapToDouble(this::sumOfRow).sum();
  }

  private double sumOfRow(int y) {
    double sum = 0;
    for (int i = y * actions; i < (y + 1) * actions; i++) {
      sum += Math.exp(-entries[i] / kl);
    }
    return sum;
  }

  /** Leader, value and certificate; the follower's rows are computed when they are read. */
  @Benchmark
  public StackelbergSolution solve() {
    return StackelbergEquilibrium.solve(game, KlStrengths.both(kl));
  }
}
