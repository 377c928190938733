package io.sgpo.examples.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Times pieces of work in turns, so that what else the machine does falls on all of them alike.
 *
 * @param processor whether the thread's processor time counts, not the clock's
 */
record Stopwatch(boolean processor) {

  /**
   * Seconds of every piece of work: the medians of turns, after one that does not count. In a turn
   * each piece is done twice and the second time counts, since what went before has left the caches
   * and the process's memory to others.
   */
  double[] medians(int turns, Runnable... work) {
    double[][] times = new double[work.length][turns];
    for (int turn = -1; turn < turns; turn++) {
      for (int i = 0; i < work.length; i++) {
        work[i].run();
        double start = seconds();
        work[i].run();
        if (turn >= 0) {
          times[i][turn] = seconds() - start;
        }
      }
    }
    return Arrays.stream(times).mapToDouble(Stopwatch::median).toArray();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private double seconds() {
    long nanoseconds =
        processor
            ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
            : System.nanoTime();
    return nanoseconds / 1e9;
  }

  /** The process's largest resident memory so far, on Linux. */
  static String peakMemory() throws IOException {
    return status("VmHWM:").orElse("unknown");
  }

  /**
   * The process's resident memory in bytes.
   *
   * @throws IOException where the system is not Linux
   */
  static long residentMemory() throws IOException {
    return bytes("VmRSS:");
  }

  /**
   * That part of it which no file stands behind: heaps and native memory, and no code or mapped
   * data.
   *
   * @throws IOException where the system is not Linux
   */
  static long anonymousMemory() throws IOException {
    return bytes("RssAnon:");
  }

  private static long bytes(String field) throws IOException {
    String kibibytes =
        status(field)
            .orElseThrow(() -> new IOException("it needs Linux, whose processes have " + field));
    return Long.parseLong(kibibytes.replace(" kB", "")) << 10;
  }

  private static Optional<String> status(String field) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Optional.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()).strip())
        .findFirst();
  }
}
