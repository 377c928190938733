package io.sgpo.lm;

import ai.djl.util.cuda.CudaUtils;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The native memory that a model may take, and refusals of what needs more. */
final class MemoryLimit {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryLimit.class);

  private MemoryLimit() {}

  /**
   * The limit that was set; else on the CPU the machine's or container's memory less the Java
   * heap's, and on a GPU that GPU's memory, or none where CUDA does not tell.
   */
  static long of(CausalLmOptions options) {
    return of(options, Runtime.getRuntime().totalMemory());
  }

  /**
   * @param heap the Java heap's bytes
   */
  static long of(CausalLmOptions options, long heap) {
    if (options.memoryLimit() > 0) {
      return options.memoryLimit();
    }
    return options.device().isCpu() ? SystemMemory.total() - heap : gpu(options);
  }

  private static long gpu(CausalLmOptions options) {
    try {
      return CudaUtils.getGpuMemory(options.device().toDjl()).getMax();
    } catch (RuntimeException | UnsatisfiedLinkError | NoClassDefFoundError e) {
      LOG.debug("The memory of {} is not known", options.device(), e);
      return Long.MAX_VALUE;
    }
  }

  /** What something needs, part by part in the order of adding. */
  static final class Need {

    private final String what;
    private final Map<String, Long> parts = new LinkedHashMap<>();

    /**
     * @param what begins the refusal
     */
    Need(String what) {
      this.what = what;
    }

    /** Adds a part; one of no bytes is not named. */
    Need add(String part, long bytes) {
      if (bytes > 0) {
        parts.merge(part, bytes, Math::addExact);
      }
      return this;
    }

    long sum() {
      return parts.values().stream().reduce(0L, Math::addExact);
    }

    boolean fits(CausalLmOptions options) {
      return sum() <= of(options);
    }

    /**
     * @param remedies what to change besides the limit
     * @throws IllegalStateException if the limit is lower, naming it and the parts
     */
    void require(CausalLmOptions options, String remedies) {
      long limit = of(options);
      if (sum() > limit) {
        throw new IllegalStateException(
            "%s needs about %s of memory, but memoryLimit is %s: %s. Remedies: %s, or another memoryLimit."
                .formatted(
                    what,
                    size(sum()),
                    size(limit),
                    parts.entrySet().stream()
                        .map(part -> part.getKey() + " " + size(part.getValue()))
                        .collect(Collectors.joining(", ")),
                    remedies));
      }
    }
  }

  private static String size(long bytes) {
    return bytes < 1 << 20
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1 << 30));
  }
}
