package io.sgpo.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * A JMH profiler, {@code -prof io.sgpo.peers.CpuTime}: microseconds of processor time per
 * operation, which a busy machine stretches much less than time on the clock. It counts the whole
 * process, compiler and garbage collector included, less what was {@linkplain #exclude excluded}.
 */
public final class CpuTime implements InternalProfiler {

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private static final AtomicLong EXCLUDED = new AtomicLong();

  private long start;

  /** Does work that is not to be counted. */
  static void exclude(Runnable work) {
    long before = PROCESS.getProcessCpuTime();
    work.run();
    EXCLUDED.addAndGet(PROCESS.getProcessCpuTime() - before);
  }

  @Override
  public String getDescription() {
    return "processor time per operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    EXCLUDED.set(0);
    start = PROCESS.getProcessCpuTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double nanoseconds = (double) (PROCESS.getProcessCpuTime() - start - EXCLUDED.get());
    double operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult("cpu", nanoseconds / 1e3 / operations, "us/op", AggregationPolicy.AVG));
  }
}
