package io.sgpo.peers;

import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
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
 * The exact follower on the instances of {@link PeerBenchmark}.
 *
 * <pre>
 * mvn -Ppeers -pl sgpo-examples/peers -am -DskipTests package
 * taskset -c 0 java -cp 'sgpo-examples/peers/target/sgpo-peers.jar:sgpo-examples/peers/target/lib/*' \
 *   org.openjdk.jmh.Main 'ExactBenchmark|PeerBenchmark' -prof io.sgpo.peers.CpuTime
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExactBenchmark {

  /** N. */
  @Param({"100", "1000", "10000"})
  public int size;

  /** K. */
  @Param({"6", "7"})
  public int tangents;

  private Instance instance = Instance.of(1, 1);

  /** Draws the instance. */
  @Setup
  public void draw() {
    instance = Instance.of(size, tangents);
  }

  /** The program's optimum: value, dual price and threshold under K tangents. */
  @Benchmark
  public WorstCase solveTangents() {
    return Followers.exact().solve(instance.gaps(), instance.surrogate());
  }

  /** The same and the leader's weights. */
  @Benchmark
  public double[] solveTangentsAndWeigh() {
    return Followers.exact()
        .solve(instance.gaps(), instance.surrogate())
        .weights(LeaderWeighting.ENVELOPE);
  }

  /** The logistic loss itself; K plays no part. */
  @Benchmark
  public WorstCase solveLogistic() {
    return Followers.exact().solve(instance.gaps(), instance.exact());
  }

  /** The same and the leader's weights. */
  @Benchmark
  public double[] solveLogisticAndWeigh() {
    return Followers.exact()
        .solve(instance.gaps(), instance.exact())
        .weights(LeaderWeighting.ENVELOPE);
  }
}
