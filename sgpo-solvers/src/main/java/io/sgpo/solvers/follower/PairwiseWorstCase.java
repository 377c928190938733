package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import java.util.Arrays;

/**
 * A worst case that is told pair by pair; arrays that come in are kept, those that go are fresh.
 */
class PairwiseWorstCase implements WorstCase {

  /**
   * The numbers of a solve.
   *
   * @param certificate bounds |value − optimum|
   * @param threshold the marginal pair's gap, NaN if none
   */
  record Outcome(
      Status status, double value, double dualPrice, double certificate, double threshold) {

    /** A gap between the bounds, relative to 1 + |value|, up to which the price is called found. */
    private static final double ACCEPTED = 1e-9;

    /**
     * The outcome of a search for the price.
     *
     * @param status if the price was found
     * @param gap between the dual's value and the plan's
     */
    static Outcome of(Status status, double value, double price, double gap, double threshold) {
      double scale = 1 + Math.abs(value);
      boolean found = Double.isFinite(value) && gap <= ACCEPTED * scale;
      return new Outcome(
          found ? status : Status.NOT_CONVERGED,
          value,
          price,
          gap + TransportWorstCase.ROUNDING * scale,
          threshold);
    }
  }

  /**
   * What the follower does to each pair.
   *
   * @param moved m_i
   * @param envelope g_i = −N ∂V/∂ξ_i
   * @param kept the mean steepness of the loss where the pair's mass ends: g_i if displacements are
   *     held
   * @param rule of {@link LeaderWeighting#ENVELOPE}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Plan(double[] moved, double[] envelope, double[] kept, LeaderRule rule) {}

  private final double[] gaps;
  private final Ambiguity ambiguity;
  private final GapSummary summary;
  private final Outcome outcome;
  private final Plan plan;

  PairwiseWorstCase(
      double[] gaps, Ambiguity ambiguity, GapSummary summary, Outcome outcome, Plan plan) {
    this.gaps = gaps;
    this.ambiguity = ambiguity;
    this.summary = summary;
    this.outcome = outcome;
    this.plan = plan;
  }

  @Override
  public final Status status() {
    return outcome.status;
  }

  @Override
  public final double value() {
    return outcome.value;
  }

  @Override
  public final double dualPrice() {
    return outcome.dualPrice;
  }

  @Override
  public final double threshold() {
    return outcome.threshold;
  }

  @Override
  public final double saturation() {
    return summary.saturation(ambiguity.radius());
  }

  @Override
  public final double certificate() {
    return outcome.certificate;
  }

  @Override
  public final int size() {
    return gaps.length;
  }

  @Override
  public final double[] moved() {
    return plan.moved.clone();
  }

  @Override
  public final double[] gradient() {
    double[] gradient = new double[gaps.length];
    Arrays.setAll(gradient, i -> 0 - plan.envelope[i] / gaps.length); // 0 − g avoids −0.0
    return gradient;
  }

  @Override
  public final double[] atoms() {
    double[] atoms = new double[gaps.length];
    Arrays.setAll(atoms, i -> (1 - plan.moved[i]) * gaps[i] + plan.moved[i] * ambiguity.lower());
    return atoms;
  }

  @Override
  public final double[] weights(LeaderWeighting weighting) {
    if (weighting == LeaderWeighting.UNIFORM || outcome.status == Status.NOMINAL) {
      double[] ones = new double[gaps.length];
      Arrays.fill(ones, 1);
      return ones;
    }
    return switch (weighting) {
      case ENVELOPE -> relative(plan.envelope);
      case TANGENT_MIXTURE -> relative(plan.kept);
      case ATOMS -> AtomWeights.of(new DoubleGaps(gaps), ambiguity.radius());
      case UNIFORM -> throw new AssertionError(weighting);
    };
  }

  @Override
  public final LeaderRule leader(LeaderWeighting weighting) {
    if (weighting == LeaderWeighting.UNIFORM || outcome.status == Status.NOMINAL) {
      return (pair, gap) -> LeaderRules.dpo(gap);
    }
    if (weighting == LeaderWeighting.ENVELOPE) {
      return plan.rule;
    }
    double[] held = weights(weighting);
    return (pair, gap) -> held[pair] * LeaderRules.dpo(gap);
  }

  @Override
  public String toString() {
    return "WorstCase" + outcome;
  }

  /** w_i = g_i / s(ξ_i). */
  private double[] relative(double[] coefficients) {
    double[] weights = new double[gaps.length];
    Arrays.setAll(
        weights, i -> LeaderRules.relative(1, coefficients[i], -ambiguity.loss().slope(gaps[i])));
    return weights;
  }
}
