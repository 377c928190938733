package io.sgpo.examples.bench;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.loss.Tangents;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * passes.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   org.openjdk.jmh.Main FollowerBenchmark
 * </pre>
 *
 * <p>Ten million gaps need {@code -p size=10000000} and about 1 GB of heap.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FollowerBenchmark {

  /** N. */
  @Param({"1000", "60000", "1000000"})
  public int size;

  /** ε; 0.1 moves about 5 % of the gaps, 1 about a third. */
  @Param({"0.1", "1"})
  public double epsilon;

  private double[] gaps = {};
  private Ambiguity exact = Ambiguity.wasserstein(0).support(0, 0);
  private Ambiguity tangents = exact;

  /** Draws the gaps, the same ones in every run. */
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(17);
    gaps = new double[size];
    for (int i = 0; i < size; i++) {
      gaps[i] = 0.3 + random.nextGaussian();
    }
    exact = Ambiguity.wasserstein(epsilon).supportAround(gaps, 1);
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

  /** Value, dual price and threshold under the logistic loss. */
  @Benchmark
  public WorstCase solve() {
    return Followers.exact().solve(gaps, exact);
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

  private double sumOfExp() {
    double sum = 0;
    for (double gap : gaps) {
      sum += Math.exp(gap);
    }
    return sum;
  }
}
