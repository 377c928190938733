package io.sgpo.solvers.follower;

import io.sgpo.follower.GapLoss;
import java.util.Optional;

/**
 * The plan that gains most within the radius, of gaps in memory: the smallest gaps first, each
 * wholly to a while the budget Nε lasts. A sample tells about where it ends; one pass collects the
 * gaps there, and sums what is below them and the losses of those above; a quickselect ends among
 * them. Where the sample was wrong, and for few gaps, histograms narrow the marginal gap down to a
 * bucket first.
 */
final class ThresholdSearch {
  /** From here on a sample saves more than it costs. */
  private static final int SAMPLED_FROM = 1 << 10;

  /** Of all gaps, the share that a sampled range may hold. */
  private static final int SAMPLED_SHARE = 4;

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
    return gaps.size() < SAMPLED_FROM
        ? byHistograms(gaps, summary, radius, loss)
        : bySample(gaps, summary, radius, loss)
            .orElseGet(() -> byHistograms(gaps, summary, radius, loss));
  }

  private static Optional<Marginal> bySample(
      Gaps gaps, GapSummary summary, double radius, GapLoss loss) {
    Range range = SampledRange.of(gaps, summary, radius);
    int most = gaps.size() / SAMPLED_SHARE;
    Tail tail = tail(range, most, gaps, loss);
    return Bracket.around(summary, radius)
        .narrowed(tail)
        .map(bracket -> Selection.of(bracket, tail));
  }

  private static Marginal byHistograms(Gaps gaps, GapSummary summary, double radius, GapLoss loss) {
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
        ? new Transport(summary.max() + 0.0, 1)
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
