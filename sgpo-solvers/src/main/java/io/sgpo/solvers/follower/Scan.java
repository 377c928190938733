package io.sgpo.solvers.follower;

import java.util.function.Supplier;

/** One pass over all gaps, in chunks of fixed size that several threads may share. */
final class Scan {
  /** A multiple of {@link Gaps#SLICE}. */
  static final int CHUNK = 1 << 16;

  /** From here on a second thread is worth its start. */
  static final int PARALLEL_FROM = 1 << 17;

  private Scan() {}

  /** What the pass gathers; the same bits for every number of threads. */
  static <P extends Pass<P>> P over(Gaps gaps, Supplier<P> pass) {
    int chunks = (gaps.size() - 1) / CHUNK + 1;
    return gaps.size() < PARALLEL_FROM
        ? OrderedReduction.inSequence(chunks, chunk -> chunk(gaps, chunk, pass.get()), Scan::merged)
        : OrderedReduction.inParallel(
            chunks, chunk -> chunk(gaps, chunk, pass.get()), Scan::merged);
  }

  private static <P extends Pass<P>> P chunk(Gaps gaps, int chunk, P pass) {
    int from = chunk * CHUNK;
    gaps.feed(from, Math.min(gaps.size() - CHUNK, from) + CHUNK, pass); // no overflow at 2^31
    return pass;
  }

  static <P extends Pass<P>> P merged(P earlier, P later) {
    earlier.merge(later);
    return earlier;
  }
}
