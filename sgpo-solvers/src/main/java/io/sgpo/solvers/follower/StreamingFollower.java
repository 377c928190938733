package io.sgpo.solvers.follower;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exact follower over partitions that this process reads, each several times: {@link GapQuery}
 * with its passes run in parallel over partitions.
 *
 * <pre>{@code
 * List<GapPartition> shards = paths.stream().map(MarginShard::new).toList();
 * StreamedWorstCase worst = StreamingFollower.solve(GapQuery.wasserstein(0.01).support(-2, 2), shards);
 * }</pre>
 *
 * <p>Memory: a digest for each thread, none of the gaps. Runs in the common pool, or in the
 * caller's {@link java.util.concurrent.ForkJoinPool} when called from one of its threads. The
 * answer has the same bits for every number of threads.
 */
public final class StreamingFollower {
  private StreamingFollower() {}

  /**
   * The worst case of all gaps.
   *
   * @param query a first or later query
   * @param partitions at least one; some may be empty, not all
   * @throws IllegalArgumentException if there is no partition or no gap, or a gap is not finite or
   *     not in the support
   * @throws IllegalStateException if the partitions gave other gaps in a later pass
   */
  public static StreamedWorstCase solve(GapQuery query, List<? extends GapPartition> partitions) {
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("partitions must not be empty");
    }
    GapQuery current = query;
    while (!current.isAnswered()) {
      current = current.next(pass(current, partitions));
    }
    return current.answer();
  }

  private static GapDigest pass(GapQuery query, List<? extends GapPartition> partitions) {
    return OrderedReduction.inParallel(
            partitions.size(), index -> Read.of(query, partitions.get(index), index), Read::merged)
        .orElseThrow();
  }

  /** A digest, or what went wrong in the first partition that failed. */
  private record Read(GapDigest digest, @Nullable RuntimeException failure) {

    static Read of(GapQuery query, GapPartition partition, int index) {
      GapDigest digest = query.digest();
      try {
        partition.addTo(digest);
        return new Read(digest, null);
      } catch (IllegalArgumentException e) {
        String message = "partition " + index + ": " + e.getMessage();
        return new Read(digest, new IllegalArgumentException(message, e));
      } catch (RuntimeException e) {
        return new Read(digest, e);
      }
    }

    static Read merged(Read earlier, Read later) {
      if (earlier.failure != null) {
        return earlier;
      }
      return later.failure != null ? later : new Read(earlier.digest.merge(later.digest), null);
    }

    GapDigest orElseThrow() {
      if (failure != null) {
        throw failure;
      }
      return digest;
    }
  }
}
