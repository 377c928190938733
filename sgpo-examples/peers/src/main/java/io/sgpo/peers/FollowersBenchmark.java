package io.sgpo.peers;

import io.sgpo.follower.LeaderWeighting;
import io.sgpo.solvers.follower.EntropicFollower;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.GroupedFollower;
import io.sgpo.solvers.follower.ProbabilityScale;
import io.sgpo.solvers.follower.Reweighting;
import io.sgpo.solvers.loss.ProbabilityLoss;
import io.sgpo.spi.Follower;
import java.util.Arrays;
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
 * The other followers of the library beside the exact one, solve and weights, on the instances of
 * {@link ExactBenchmark}.
 *
 * <pre>
 * taskset -c 0 java -cp 'sgpo-examples/peers/target/sgpo-peers.jar:sgpo-examples/peers/target/lib/*' \
 *   org.openjdk.jmh.Main FollowersBenchmark -prof io.sgpo.peers.CpuTime
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class FollowersBenchmark {

  /** Whose solve it is. */
  public enum Choice {
    EXACT {
      @Override
      double[] weigh(Instance instance) {
        return wasserstein(Followers.exact(), instance);
      }
    },
    GROUPED {
      @Override
      double[] weigh(Instance instance) {
        return wasserstein(new GroupedFollower(), instance);
      }
    },
    PRIMAL_DUAL {
      @Override
      double[] weigh(Instance instance) {
        return wasserstein(Followers.primalDual(), instance);
      }
    },
    ENTROPIC {
      @Override
      double[] weigh(Instance instance) {
        return wasserstein(new EntropicFollower(), instance);
      }
    },
    PROBABILITY {
      @Override
      double[] weigh(Instance instance) {
        return new ProbabilityScale(Followers.exact())
            .solve(instance.gaps(), 0.01, 1e-6, 1, ProbabilityLoss.exact())
            .weights(LeaderWeighting.ENVELOPE);
      }
    },
    KL {
      @Override
      double[] weigh(Instance instance) {
        return Reweighting.kl(losses(instance), 0.1).weights();
      }
    },
    CHI_SQUARED {
      @Override
      double[] weigh(Instance instance) {
        return Reweighting.chiSquared(losses(instance), 0.1).weights();
      }
    },
    CVAR {
      @Override
      double[] weigh(Instance instance) {
        return Reweighting.cvar(losses(instance), 0.5).weights();
      }
    };

    abstract double[] weigh(Instance instance);

    private static double[] wasserstein(Follower follower, Instance instance) {
      return follower.solve(instance.gaps(), instance.exact()).weights(LeaderWeighting.ENVELOPE);
    }

    private static double[] losses(Instance instance) {
      return Arrays.stream(instance.gaps()).map(instance.exact().loss()::value).toArray();
    }
  }

  /** The follower, with its default settings. */
  @Param public Choice choice = Choice.EXACT;

  /** N. */
  @Param("10000")
  public int size;

  private Instance instance = Instance.of(1, 1);

  /** Draws the instance. */
  @Setup
  public void draw() {
    instance = Instance.of(size, 6);
  }

  /** From gaps to weights. */
  @Benchmark
  public double[] weigh() {
    return choice.weigh(instance);
  }
}
