package io.sgpo.peers;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The paper's finite program by solvers of linear programs, on the instances of {@link
 * ExactBenchmark}. Building the model and solving it are timed apart. Every value is checked
 * against the exact follower's under the same tangents: a solver that misses it fails its run.
 *
 * <p>{@code taskset -c 0} before {@code java} holds all of them to one thread. ojAlgo takes about a
 * minute at 1,000 gaps, GLOP about half a minute at 10,000:
 *
 * <pre>
 * taskset -c 0 java -cp 'sgpo-examples/peers/target/sgpo-peers.jar:sgpo-examples/peers/target/lib/*' \
 *   org.openjdk.jmh.Main PeerBenchmark -prof io.sgpo.peers.CpuTime \
 *   -p peer=GLOP,PDLP -p size=10000 -wi 0 -i 1
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class PeerBenchmark {

  /** The solver. */
  @Param({"OJALGO", "GLOP", "PDLP"})
  public Peer peer = Peer.GLOP;

  /** N. */
  @Param({"100", "1000"})
  public int size;

  /** K. */
  @Param({"6", "7"})
  public int tangents;

  private LinearProgram program = LinearProgram.of(Instance.of(1, 1));
  private double optimum;

  /** Draws the instance. */
  @Setup
  public void draw() {
    Instance instance = Instance.of(size, tangents);
    program = LinearProgram.of(instance);
    optimum = instance.optimum();
  }

  /** The program in the solver's own form, solved once. */
  @State(Scope.Benchmark)
  public static class Loaded {
    private LoadedProgram loaded = Peer.GLOP.load(LinearProgram.of(Instance.of(1, 1)));
    private double value;

    /** Hands the program over, outside the time measured. */
    @Setup(Level.Invocation)
    public void load(PeerBenchmark benchmark) {
      CpuTime.exclude(
          () -> {
            loaded.close();
            loaded = benchmark.peer.load(benchmark.program);
          });
    }

    /** Checks the value, outside the time measured. */
    @TearDown(Level.Invocation)
    public void check(PeerBenchmark benchmark) {
      benchmark.peer.requireOptimum(value, benchmark.optimum);
    }
  }

  /** Solves a program that the solver holds already. */
  @Benchmark
  public double solve(Loaded loaded) {
    loaded.value = loaded.loaded.solve();
    return loaded.value;
  }

  /** Hands the program to the solver. */
  @Benchmark
  public LoadedProgram build() {
    return peer.load(program);
  }
}
