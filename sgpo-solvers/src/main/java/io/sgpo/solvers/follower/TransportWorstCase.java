package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The worst case under a transport plan that sends mass to the lower end a. Holds one copy of the
 * gaps; arrays are made on demand, O(N) each.
 */
final class TransportWorstCase implements WorstCase {
  /** Rounding of one term and of a block's plain sum, relative to the terms' magnitude. */
  static final double ROUNDING = 4 * LossSum.BLOCK * 0x1p-53;

  private final Gaps gaps;
  private final Ambiguity ambiguity;
  private final GapSummary summary;
  private final Status status;
  private final Transport plan;
  private final double dualPrice;
  private final double value;

  TransportWorstCase(Gaps gaps, Ambiguity ambiguity, GapSummary summary, Knapsack knapsack) {
    this.gaps = gaps;
    this.ambiguity = ambiguity;
    this.summary = summary;
    this.status = knapsack.status();
    this.plan = knapsack.plan();
    this.dualPrice = knapsack.dualPrice();
    this.value = knapsack.value();
  }

  @Override
  public Status status() {
    return status;
  }

  @Override
  public double value() {
    return value;
  }

  @Override
  public double dualPrice() {
    return dualPrice;
  }

  @Override
  public double threshold() {
    return status == Status.NOMINAL ? Double.NaN : plan.threshold();
  }

  @Override
  public double saturation() {
    return summary.saturation(ambiguity.radius());
  }

  /**
   * {@inheritDoc} By weak duality V* ≤ λε + (1/N) Σ max(ℓ(ξ_i), ℓ(a) − λ(ξ_i − a)) for every λ
   * {@code >= 0}; to the distance from it are added what the plan overspends, at its price, and a
   * bound on rounding. Every loss is evaluated afresh, O(N).
   */
  @Override
  public double certificate() {
    GapLoss loss = ambiguity.loss();
    double lower = ambiguity.lower();
    double atLower = loss.value(lower);
    CompensatedSum dual = new CompensatedSum();
    CompensatedSum spent = new CompensatedSum();
    for (int i = 0; i < gaps.size(); i++) {
      double gap = gaps.get(i);
      double distance = gap - lower;
      dual.add(Math.max(loss.value(gap), atLower - dualPrice * distance));
      spent.add(plan.moved(gap) * distance);
    }
    double atRadius = dualPrice == 0 ? 0 : dualPrice * ambiguity.radius();
    double bound = atRadius + dual.value() / gaps.size();
    double overspent = Math.max(0, spent.value() / gaps.size() - ambiguity.radius());
    double rounding = ROUNDING * (Math.abs(atLower) + Math.abs(bound) + atRadius);
    return Math.abs(bound - value) + dualPrice * overspent + rounding;
  }

  @Override
  public int size() {
    return gaps.size();
  }

  @Override
  public double[] moved() {
    return perPair(plan::moved);
  }

  @Override
  public double[] gradient() {
    // ∂V/∂ξ_i = −(1/N) g_i by the envelope theorem; 0 − g avoids −0.0
    return perPair(gap -> 0 - envelope(gap, plan.moved(gap)) / gaps.size());
  }

  @Override
  public double[] atoms() {
    return perPair(
        gap -> {
          double moved = plan.moved(gap);
          return (1 - moved) * gap + moved * ambiguity.lower();
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where a gap was moved at which the loss is flat, s(ξ) = 0, the weight would be infinite; it
   * is then a very large finite number. The leader's rule under {@link LeaderWeighting#ENVELOPE}
   * and the logistic loss needs no such ratio.
   */
  @Override
  public double[] weights(LeaderWeighting weighting) {
    if (weighting == LeaderWeighting.UNIFORM || status == Status.NOMINAL) {
      double[] ones = new double[gaps.size()];
      Arrays.fill(ones, 1);
      return ones;
    }
    return switch (weighting) {
      case ENVELOPE ->
          status == Status.SATURATED
              ? new double[gaps.size()]
              : perPair(gap -> relative(gap, dualPrice));
      case TANGENT_MIXTURE -> {
        double atLower = steepness(ambiguity.lower());
        yield perPair(gap -> relative(gap, atLower));
      }
      case ATOMS -> AtomWeights.of(gaps, ambiguity.radius());
      case UNIFORM -> throw new AssertionError(weighting);
    };
  }

  @Override
  public LeaderRule leader(LeaderWeighting weighting) {
    if (weighting == LeaderWeighting.UNIFORM || status == Status.NOMINAL) {
      return (pair, gap) -> LeaderRules.dpo(gap);
    }
    if (weighting == LeaderWeighting.ENVELOPE) {
      return status == Status.SATURATED
          ? (pair, gap) -> 0
          : LeaderRules.envelope(plan, dualPrice, ambiguity.loss());
    }
    double[] held = weights(weighting);
    return (pair, gap) -> held[pair] * LeaderRules.dpo(gap);
  }

  @Override
  public String toString() {
    return "WorstCase["
        + status
        + ", value="
        + value
        + ", dualPrice="
        + dualPrice
        + ", threshold="
        + threshold()
        + ", saturation="
        + saturation()
        + ", size="
        + gaps.size()
        + "]";
  }

  /** w = [(1 − m) s(ξ) + m · slope] / s(ξ). */
  private double relative(double gap, double slope) {
    double moved = plan.moved(gap);
    return moved == 0 ? 1 : LeaderRules.relative(moved, slope, steepness(gap));
  }

  /** g = (1 − m) s(ξ) + m λ*. */
  private double envelope(double gap, double moved) {
    return moved == 1 ? dualPrice : (1 - moved) * steepness(gap) + moved * dualPrice;
  }

  /** s(ξ) = |ℓ'(ξ)|. */
  private double steepness(double gap) {
    return -ambiguity.loss().slope(gap);
  }

  private double[] perPair(DoubleUnaryOperator ofGap) {
    double[] result = new double[gaps.size()];
    if (result.length < Scan.PARALLEL_FROM) {
      Arrays.setAll(result, i -> ofGap.applyAsDouble(gaps.get(i)));
    } else {
      Arrays.parallelSetAll(result, i -> ofGap.applyAsDouble(gaps.get(i)));
    }
    return result;
  }
}
