package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The worst case of gaps with masses, see {@link ExactFollower#solve(double[], double[],
 * Ambiguity)}.
 */
final class MassWorstCase implements WorstCase {
  private final double[] gaps;
  private final double[] masses;
  private final Ambiguity ambiguity;
  private final MassPlan plan;

  /** Keeps the arrays; the masses sum to 1. */
  MassWorstCase(double[] gaps, double[] masses, Ambiguity ambiguity, MassPlan plan) {
    this.gaps = gaps;
    this.masses = masses;
    this.ambiguity = ambiguity;
    this.plan = plan;
  }

  @Override
  public Status status() {
    return plan.status();
  }

  /** V = Σ μ_i [ (1 − m_i) ℓ(ξ_i) + m_i ℓ(a) ]. */
  @Override
  public double value() {
    double atLower = ambiguity.loss().value(ambiguity.lower());
    return mean(
        gap -> {
          double moved = plan.moves().moved(gap);
          double stays = moved == 1 ? 0 : (1 - moved) * ambiguity.loss().value(gap);
          return stays + moved * atLower;
        });
  }

  @Override
  public double dualPrice() {
    return plan.dualPrice();
  }

  @Override
  public double threshold() {
    return status() == Status.NOMINAL ? Double.NaN : plan.moves().threshold();
  }

  @Override
  public double saturation() {
    return ambiguity.radius() == 0 ? 0 : ambiguity.radius() / plan.cost();
  }

  /** {@inheritDoc} λε + Σ μ_i max(ℓ(ξ_i), ℓ(a) − λ(ξ_i − a)) − V, and a bound on rounding. */
  @Override
  public double certificate() {
    double price = plan.dualPrice();
    double atLower = ambiguity.loss().value(ambiguity.lower());
    double atRadius = price == 0 ? 0 : price * ambiguity.radius();
    double bound =
        atRadius
            + mean(
                gap ->
                    Math.max(
                        ambiguity.loss().value(gap), atLower - price * (gap - ambiguity.lower())));
    double rounding =
        TransportWorstCase.ROUNDING * (Math.abs(atLower) + Math.abs(bound) + atRadius);
    return Math.abs(bound - value()) + rounding;
  }

  @Override
  public int size() {
    return gaps.length;
  }

  @Override
  public double[] moved() {
    return perGap(plan.moves()::moved);
  }

  /** {@inheritDoc} −μ_i g_i. */
  @Override
  public double[] gradient() {
    double[] gradient = perGap(this::envelope);
    Arrays.setAll(gradient, i -> 0 - masses[i] * gradient[i]); // 0 − g avoids −0.0
    return gradient;
  }

  @Override
  public double[] atoms() {
    return perGap(
        gap -> {
          double moved = plan.moves().moved(gap);
          return (1 - moved) * gap + moved * ambiguity.lower();
        });
  }

  @Override
  public double[] weights(LeaderWeighting weighting) {
    if (weighting == LeaderWeighting.UNIFORM || status() == Status.NOMINAL) {
      return perGap(gap -> 1);
    }
    return switch (weighting) {
      case ENVELOPE ->
          status() == Status.SATURATED
              ? new double[size()]
              : perGap(gap -> relative(gap, dualPrice()));
      case TANGENT_MIXTURE -> perGap(gap -> relative(gap, steepness(ambiguity.lower())));
      case ATOMS -> atomWeights();
      case UNIFORM -> throw new AssertionError(weighting);
    };
  }

  /** Solved again with a := min ξ; what was moved is shared by mass among the gaps there. */
  private double[] atomWeights() {
    double min = Arrays.stream(gaps).min().getAsDouble();
    Ambiguity onAtoms = new Ambiguity(ambiguity.radius(), min, ambiguity.upper(), ambiguity.loss());
    Transport moves = MassPlan.of(gaps, masses, onAtoms).moves();
    double moved = mean(moves::moved);
    double atMin = mean(gap -> gap == min ? 1 : 0);
    return perGap(gap -> 1 - moves.moved(gap) + (gap == min ? moved / atMin : 0));
  }

  @Override
  public LeaderRule leader(LeaderWeighting weighting) {
    if (weighting == LeaderWeighting.UNIFORM || status() == Status.NOMINAL) {
      return (pair, gap) -> LeaderRules.dpo(gap);
    }
    if (weighting == LeaderWeighting.ENVELOPE) {
      return status() == Status.SATURATED
          ? (pair, gap) -> 0
          : LeaderRules.envelope(plan.moves(), plan.dualPrice(), ambiguity.loss());
    }
    double[] held = weights(weighting);
    return (pair, gap) -> held[pair] * LeaderRules.dpo(gap);
  }

  @Override
  public String toString() {
    return "WorstCase["
        + status()
        + ", value="
        + value()
        + ", dualPrice="
        + dualPrice()
        + ", threshold="
        + threshold()
        + ", size="
        + size()
        + "]";
  }

  private double relative(double gap, double slope) {
    double moved = plan.moves().moved(gap);
    return moved == 0 ? 1 : LeaderRules.relative(moved, slope, steepness(gap));
  }

  /** g = (1 − m) s(ξ) + m λ*. */
  private double envelope(double gap) {
    double moved = plan.moves().moved(gap);
    return moved == 1 ? dualPrice() : (1 - moved) * steepness(gap) + moved * dualPrice();
  }

  private double steepness(double gap) {
    return -ambiguity.loss().slope(gap);
  }

  private double mean(DoubleUnaryOperator ofGap) {
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < gaps.length; i++) {
      sum.add(masses[i] * ofGap.applyAsDouble(gaps[i]));
    }
    return sum.value();
  }

  private double[] perGap(DoubleUnaryOperator ofGap) {
    return Arrays.stream(gaps).map(ofGap).toArray();
  }
}
