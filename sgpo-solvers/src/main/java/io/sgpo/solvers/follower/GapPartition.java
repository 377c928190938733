package io.sgpo.solvers.follower;

import java.util.Objects;

/**
 * Gaps that can be read several times, in chunks of any size: a file, a shard, an array.
 *
 * <pre>{@code
 * GapPartition shard = digest -> {
 *   try (MarginFile file = MarginFile.open(path)) {
 *     while (file.hasNext()) {
 *       digest.add(file.nextFloats());
 *     }
 *   }
 * };
 * }</pre>
 */
@FunctionalInterface
public interface GapPartition {

  /**
   * Adds every gap of the partition to a digest, the same gaps in the same order at every call.
   * Called once per pass, by one thread at a time, by different threads for different partitions.
   */
  void addTo(GapDigest digest);

  /** The gaps of an array, not copied. */
  static GapPartition of(double[] gaps) {
    Objects.requireNonNull(gaps, "gaps");
    return digest -> digest.add(gaps);
  }

  /** The gaps of an array, not copied. */
  static GapPartition of(float[] gaps) {
    Objects.requireNonNull(gaps, "gaps");
    return digest -> digest.add(gaps);
  }
}
