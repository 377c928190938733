package io.sgpo.solvers.follower;

import java.util.concurrent.CancellationException;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** Whether a part of the reduction has failed. */
  private final transient AtomicBoolean stopped;

  private OrderedReduction(
      int from, int to, IntFunction<P> leaf, BinaryOperator<P> merge, AtomicBoolean stopped) {
    this.stopped = stopped;
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
    return new OrderedReduction<>(0, count, leaf, merge, new AtomicBoolean()).invoke();
  }

  /** The same by the calling thread. */
  static <P> P inSequence(int count, IntFunction<P> leaf, BinaryOperator<P> merge) {
    return new OrderedReduction<>(0, count, leaf, merge, new AtomicBoolean()).sequence();
  }

  @Override
  protected P compute() {
    if (stopped.get()) {
      throw new CancellationException("another part of the reduction has failed");
    }
    if (to - from == 1) {
      return leaf.apply(from);
    }
    OrderedReduction<P> later = later();
    later.fork();
    return merge.apply(first(later), later.join());
  }

  /** If it fails, the later half is stopped before the failure is passed on. */
  private P first(OrderedReduction<P> later) {
    try {
      return earlier().compute();
    } catch (Throwable failure) {
      stopped.set(true);
      later.quietlyJoin();
      if (failure instanceof CancellationException && later.isCompletedAbnormally()) {
        later.join(); // throws what stopped this half
      }
      throw failure;
    }
  }

  private P sequence() {
    return to - from == 1
        ? leaf.apply(from)
        : merge.apply(earlier().sequence(), later().sequence());
  }

  private OrderedReduction<P> earlier() {
    return new OrderedReduction<>(from, (from + to) >>> 1, leaf, merge, stopped);
  }

  private OrderedReduction<P> later() {
    return new OrderedReduction<>((from + to) >>> 1, to, leaf, merge, stopped);
  }
}
