package io.sgpo.solvers.follower;

import java.util.Arrays;

/**
 * Finds the marginal gap among the candidates of a bracket: the smallest x_f with Σ_{ξ_i ≤ x_f}
 * (ξ_i − a) &gt; Nε. A weighted quickselect, expected O(n); one that shrinks too slowly ends with a
 * sort.
 */
final class Selection {
  private final Bracket bracket;
  private final double[] values;
  private final int size;
  private int from;
  private int to;

  /** Candidates that are known to move entirely, and their sum. */
  private long more;

  private DoubleDouble moreSum = DoubleDouble.ZERO;

  /** Gaps equal to the marginal one; 0 if rounding has left no gap in which the budget ends. */
  private long tied;

  private double fraction;

  /** The largest gap that moves at all, wholly or in part. */
  private double last;

  private Selection(Bracket bracket, Candidates candidates) {
    this.bracket = bracket;
    this.values = candidates.kept();
    this.size = bracket.range().isPoint() ? 0 : (int) candidates.count();
    this.to = size;
    this.last = Math.nextDown(bracket.range().from());
  }

  /**
   * The plan that spends the budget, and Σ ℓ over the gaps that stay.
   *
   * @param tail of the bracket's range, all gaps passed; used up
   */
  static Marginal of(Bracket bracket, Tail tail) {
    Selection selection = new Selection(bracket, tail.candidates());
    if (bracket.range().isPoint()) {
      double point = bracket.range().from();
      selection.endsIn(point, bracket.candidates());
    } else {
      selection.search();
    }
    return selection.marginal(tail.losses());
  }

  private void search() {
    int rounds = 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(to)) + 8;
    while (from < to && tied == 0 && rounds-- > 0) {
      partition(medianOfThree());
    }
    Arrays.sort(values, from, to);
    while (from < to && tied == 0) {
      int equal = from + 1;
      while (equal < to && values[equal] == values[from]) {
        equal++;
      }
      double gap = values[from];
      int count = equal - from;
      from = equal;
      endsIn(gap, count);
    }
  }

  /** Splits [from, to) into less | equal | greater and keeps the part where the budget ends. */
  private void partition(double pivot) {
    int less = from;
    int greater = to;
    double sum = 0;
    double error = 0;
    for (int i = from; i < greater; ) {
      double value = values[i];
      if (value < pivot) {
        double next = sum + value;
        error += DoubleDouble.sumError(sum, value, next);
        sum = next;
        values[i++] = values[less];
        values[less++] = value;
      } else if (value > pivot) {
        values[i] = values[--greater];
        values[greater] = value;
      } else {
        i++;
      }
    }
    DoubleDouble lessSum = moreSum.plus(DoubleDouble.sum(sum, error));
    if (bracket.left(more + (less - from), lessSum).value() < 0) {
      to = less;
      return;
    }
    more += less - from;
    moreSum = lessSum;
    from = greater;
    endsIn(pivot, greater - less);
  }

  /** Whether the budget ends in the next gaps, all equal; if not, they move entirely. */
  private void endsIn(double gap, long count) {
    DoubleDouble left = bracket.left(more, moreSum);
    DoubleDouble cost =
        DoubleDouble.product(count, gap)
            .minus(DoubleDouble.product(count, bracket.summary().lower()));
    last = gap;
    if (left.minus(cost).value() < 0) {
      tied = count;
      fraction = Math.max(0, Math.min(1, left.value() / cost.value())); // equal split m = μ/n
      return;
    }
    more += count;
    moreSum = moreSum.plus(DoubleDouble.product(count, gap));
  }

  /** Without a gap in which the budget ends, the next one is marginal, with nothing moved. */
  private Marginal marginal(LossSum losses) {
    losses.addAbove(last, values, 0, size);
    double rest = losses.value();
    long moved = bracket.moved() + more;
    double left = bracket.left(more, moreSum).value();
    if (tied > 0) {
      return new Marginal(new Transport(last + 0.0, fraction), moved, tied, left, rest);
    }
    double next = losses.least();
    return next < Double.POSITIVE_INFINITY
        ? new Marginal(new Transport(next + 0.0, 0), moved, 0, left, rest)
        : new Marginal(new Transport(bracket.summary().max() + 0.0, 1), moved, 0, left, rest);
  }

  private double medianOfThree() {
    double first = values[from];
    double middle = values[(from + to) >>> 1];
    double end = values[to - 1];
    return Math.max(Math.min(first, middle), Math.min(Math.max(first, middle), end));
  }
}
