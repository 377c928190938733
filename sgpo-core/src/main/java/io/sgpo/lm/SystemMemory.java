package io.sgpo.lm;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of the machine, or of the container that the process runs in. */
final class SystemMemory {

  private SystemMemory() {}

  /** Bytes; the JVM reads the limits of control groups. Unlimited if this JVM does not tell. */
  static long total() {
    long total =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return total > 0 ? total : Long.MAX_VALUE;
  }
}
