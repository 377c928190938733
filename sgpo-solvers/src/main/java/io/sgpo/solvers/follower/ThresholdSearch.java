package io.sgpo.solvers.follower;

import io.sgpo.follower.GapLoss;

/**
 * The plan that gains most within the radius, of gaps in memory: the smallest gaps first, each
 * wholly to a while the budget Nε lasts. Histograms narrow the marginal gap down to a bucket; one
 * more pass collects that bucket and sums the losses above it; a quickselect ends inside it.
 */
final class ThresholdSearch {
  /** So many candidates, or this share of all gaps, are collected rather than narrowed. */
  private static final int FEW = 128;

  private static final int SHARE = 64;

  /** Of a histogram: few enough to stay in the processor's nearest cache, fewer for few gaps. */
  private static final int MOST_BUCKETS = 512;

  private static final int GAPS_PER_BUCKET = 16;

  private ThresholdSearch() {}

  /**
   * The plan.
   *
   * @param gaps finite, {@code >= summary.lower()}
   * @param radius ε {@code > 0} that does not saturate
   */
  static Marginal find(Gaps gaps, GapSummary summary, double radius, GapLoss loss) {
    int most = Math.max(FEW, gaps.size() / SHARE);
    Bracket bracket = Bracket.around(summary, radius);
    while (bracket.candidates() > most && !bracket.range().isPoint()) {
      bracket = narrowed(bracket, gaps);
    }
    return Selection.of(bracket, tail(bracket.range(), most, gaps, loss));
  }

  /** The plan alone, for any radius {@code >= 0}. */
  static Transport plan(Gaps gaps, GapSummary summary, double radius) {
    if (radius == 0) {
      return Transport.NONE;
    }
    return Transport.saturates(summary, radius)
        ? new Transport(summary.max(), 1)
        : find(gaps, summary, radius, new NoLoss()).plan();
  }

  /** Σ ℓ over all gaps. */
  static double sumOfLosses(Gaps gaps, GapLoss loss) {
    return tail(Range.NONE, 0, gaps, loss).losses().value();
  }

  private static Bracket narrowed(Bracket bracket, Gaps gaps) {
    int buckets = Math.min(MOST_BUCKETS, gaps.size() / GAPS_PER_BUCKET);
    return bracket.narrowed(
        Scan.over(gaps, () -> new Histogram(bracket.range(), bracket.byKey(), buckets)));
  }

  private static Tail tail(Range range, int capacity, Gaps gaps, GapLoss loss) {
    return Scan.over(gaps, () -> new Tail(range, capacity, loss));
  }

  private record NoLoss() implements GapLoss {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public double value(double gap) {
      return 0;
    }

    @Override
    public double slope(double gap) {
      return 0;
    }
  }
}
