package io.sgpo.solvers.follower;

import java.util.concurrent.RecursiveTask;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;

/**
 * Leaves merged along one fixed tree, in parallel or not, so that rounding is the same for every
 * number of threads. Runs in the pool of the calling thread, else in the common pool.
 */
final class OrderedReduction<P> extends RecursiveTask<P> {
  private final transient IntFunction<P> leaf;
  private final transient BinaryOperator<P> merge;
  private final int from;
  private final int to;

  private OrderedReduction(int from, int to, IntFunction<P> leaf, BinaryOperator<P> merge) {
    this.from = from;
    this.to = to;
    this.leaf = leaf;
    this.merge = merge;
  }

  /**
   * Leaves 0 to count − 1, merged in that order.
   *
   * @param count {@code >= 1}
   */
  static <P> P inParallel(int count, IntFunction<P> leaf, BinaryOperator<P> merge) {
    return new OrderedReduction<>(0, count, leaf, merge).invoke();
  }

  /** The same by the calling thread. */
  static <P> P inSequence(int count, IntFunction<P> leaf, BinaryOperator<P> merge) {
    return new OrderedReduction<>(0, count, leaf, merge).sequence();
  }

  @Override
  protected P compute() {
    if (to - from == 1) {
      return leaf.apply(from);
    }
    OrderedReduction<P> later = later();
    later.fork();
    P first = earlier().compute();
    return merge.apply(first, later.join());
  }

  private P sequence() {
    return to - from == 1
        ? leaf.apply(from)
        : merge.apply(earlier().sequence(), later().sequence());
  }

  private OrderedReduction<P> earlier() {
    return new OrderedReduction<>(from, (from + to) >>> 1, leaf, merge);
  }

  private OrderedReduction<P> later() {
    return new OrderedReduction<>((from + to) >>> 1, to, leaf, merge);
  }
}
