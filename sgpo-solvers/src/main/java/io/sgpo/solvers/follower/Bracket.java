package io.sgpo.solvers.follower;

import java.io.Serializable;
import java.util.Optional;

/**
 * Where the marginal gap is: the gaps below a range move entirely and leave some of the budget; all
 * gaps of the range would overspend it.
 *
 * @param summary of all gaps
 * @param budget Nε
 * @param moved gaps below the range
 * @param movedSum their sum
 * @param range from the least to the largest candidate
 * @param candidates gaps in the range
 * @param byKey whether the next histogram cuts the range into as many doubles each
 */
record Bracket(
    GapSummary summary,
    DoubleDouble budget,
    long moved,
    DoubleDouble movedSum,
    Range range,
    long candidates,
    boolean byKey)
    implements Serializable {
  /** Equal widths that leave more than this share of the candidates are given up. */
  private static final double SHRINKS = 1 / 16.0;

  /**
   * Gaps so much larger than ε would leave too few digits when the sum below a range is taken from
   * that of all gaps.
   */
  private static final double FAR = 0x1p40;

  /** All gaps are candidates. */
  static Bracket around(GapSummary summary, double radius) {
    return new Bracket(
        summary,
        DoubleDouble.product(summary.size(), radius),
        0,
        DoubleDouble.ZERO,
        new Range(summary.min(), summary.max()),
        summary.size(),
        false);
  }

  /** Of all gaps, narrowed to the range of a tail, if the budget ends in it and it was kept. */
  Optional<Bracket> narrowed(Tail tail) {
    Candidates inside = tail.candidates();
    double most = Math.max(Math.abs(summary.min()), Math.abs(summary.max()));
    if (inside.overflowed() || most * summary.size() > FAR * budget.value()) {
      return Optional.empty();
    }
    long notAbove = tail.size() - tail.losses().count();
    DoubleDouble notAboveSum = summary.sum().minus(tail.losses().gaps());
    long below = notAbove - inside.count();
    DoubleDouble belowSum = notAboveSum.minus(inside.sum());
    return left(below, belowSum).value() >= 0 && left(notAbove, notAboveSum).value() < 0
        ? Optional.of(with(below, belowSum, inside.range(), inside.count()))
        : Optional.empty();
  }

  /** What is left of the budget once all gaps below the range and some more have moved to a. */
  DoubleDouble left(long more, DoubleDouble moreSum) {
    DoubleDouble cost =
        movedSum.plus(moreSum).minus(DoubleDouble.product(moved + more, summary.lower()));
    return budget.minus(cost);
  }

  /** Narrowed to the bucket in which the budget ends. */
  Bracket narrowed(Histogram histogram) {
    long more = 0;
    DoubleDouble moreSum = DoubleDouble.ZERO;
    Range last = range;
    for (int bucket = 0; bucket < histogram.buckets(); bucket++) {
      if (histogram.count(bucket) > 0) {
        long next = more + histogram.count(bucket);
        DoubleDouble nextSum = moreSum.plus(histogram.sum(bucket));
        last = histogram.range(bucket);
        if (left(next, nextSum).value() < 0) {
          return with(more, moreSum, last, histogram.count(bucket));
        }
        more = next;
        moreSum = nextSum;
      }
    }
    // rounding has lost the end of the budget: it is spent when all of the range has moved
    return with(more, moreSum, new Range(last.to(), last.to()), 0);
  }

  private Bracket with(long more, DoubleDouble moreSum, Range next, long left) {
    return new Bracket(
        summary,
        budget,
        moved + more,
        movedSum.plus(moreSum),
        next,
        left,
        byKey || left > SHRINKS * candidates);
  }
}
