package io.sgpo.examples.bench;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.GapPartition;
import io.sgpo.solvers.follower.GapQuery;
import io.sgpo.solvers.follower.StreamedWorstCase;
import io.sgpo.solvers.follower.StreamingFollower;
import io.sgpo.solvers.loss.Tangents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * The exact follower against passes of {@code Math.exp} over the same gaps: ξ ~ normal(0.3, 1), a =
 * min − 1, b = max + 1. A solve (value, dual price, threshold) should cost no more than three
 * passes on the same threads: one below 131 072 gaps, all of the common pool from there on.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   org.openjdk.jmh.Main FollowerBenchmark
 * </pre>
 *
 * <p>Ten million gaps need {@code -p size=10000000} and about 1 GB of heap, a hundred million
 * {@code -p size=100000000} and 6 GB.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FollowerBenchmark {

  private static final int PARTITION = 100_000;

  /** N. */
  @Param({"1000", "10000", "60000", "1000000"})
  public int size;

  /** ε; 0.1 moves about 5 % of the gaps, 1 about a third. */
  @Param({"0.1", "1"})
  public double epsilon;

  private double[] gaps = {};
  private float[] floats = {};
  private Ambiguity exact = Ambiguity.wasserstein(0).support(0, 0);
  private Ambiguity exactOfFloats = exact;
  private Ambiguity tangents = exact;

  /** Draws the gaps, the same ones in every run. */
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(17);
    gaps = new double[size];
    for (int i = 0; i < size; i++) {
      gaps[i] = 0.3 + random.nextGaussian();
    }
    floats = new float[size];
    for (int i = 0; i < size; i++) {
      floats[i] = (float) gaps[i];
    }
    exact = Ambiguity.wasserstein(epsilon).supportAround(gaps, 1);
    exactOfFloats = Ambiguity.wasserstein(epsilon).supportAround(floats, 1);
    tangents = exact.loss(Tangents.uniform(6, exact.lower(), exact.upper()));
  }

  /** The yardstick: Math.exp of every gap, summed. */
  @Benchmark
  public double onePassOfExp() {
    return sumOfExp();
  }

  /** Three times the yardstick. */
  @Benchmark
  public double threePassesOfExp() {
    return sumOfExp() + sumOfExp() + sumOfExp();
  }

  /** Three times the yardstick by all threads of the common pool. */
  @Benchmark
  public double threeParallelPassesOfExp() {
    return parallelSumOfExp() + parallelSumOfExp() + parallelSumOfExp();
  }

  /** Value, dual price and threshold under the logistic loss. */
  @Benchmark
  public WorstCase solve() {
    return Followers.exact().solve(gaps, exact);
  }

  /** The same of gaps in single precision. */
  @Benchmark
  public WorstCase solveFloats() {
    return Followers.exact().solve(floats, exactOfFloats);
  }

  /** The same by passes over partitions of a hundred thousand gaps. */
  @Benchmark
  public StreamedWorstCase solvePartitions() {
    List<GapPartition> partitions = new ArrayList<>();
    for (int from = 0; from < size; from += PARTITION) {
      int start = from;
      int end = Math.min(size, from + PARTITION);
      partitions.add(digest -> digest.add(Arrays.copyOfRange(gaps, start, end)));
    }
    return StreamingFollower.solve(GapQuery.of(exact), partitions);
  }

  /** The same with six tangents. */
  @Benchmark
  public WorstCase solveTangents() {
    return Followers.exact().solve(gaps, tangents);
  }

  /** A solve and the leader's weights. */
  @Benchmark
  public double[] solveAndWeigh() {
    return Followers.exact().solve(gaps, exact).weights(LeaderWeighting.ENVELOPE);
  }

  private double parallelSumOfExp() {
    return IntStream.rangeClosed(0, (size - 1) / PARTITION)
        .parallel()
        .mapToDouble(
            part ->
                sumOfExp(
                    part * PARTITION, Math.min(size - PARTITION, part * PARTITION) + PARTITION))
        .sum();
  }

  private double sumOfExp() {
    return sumOfExp(0, size);
  }

  private double sumOfExp(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.exp(gaps[i]);
    }
    return sum;
  }
}
