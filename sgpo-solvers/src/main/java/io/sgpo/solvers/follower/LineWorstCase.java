package io.sgpo.solvers.follower;

import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.loss.LineLoss;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The worst case of a Lipschitz loss. The plan sends the mass of pair i to one or two places, on
 * either side of its gap. It is feasible and {@link #value()} is its value, so that value ≤ V ≤
 * value + certificate. Immutable; arrays are fresh copies, indexed as the gaps were.
 */
public final class LineWorstCase {
  private final double[] gaps;
  private final double @Nullable [] shares;
  private final LineLoss loss;
  private final Outcome outcome;
  private final LinePlan plan;

  /**
   * The numbers of a solve.
   *
   * @param evaluations of the loss
   */
  record Outcome(
      Status status, double value, double dualPrice, double certificate, int evaluations) {}

  /**
   * Where the mass goes.
   *
   * @param first where {@code share} of each pair's mass goes
   * @param second where the rest goes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record LinePlan(double[] first, double[] second, double share) {}

  /**
   * @param shares the gaps' masses, which sum to 1, or null for 1/N each
   */
  LineWorstCase(
      double[] gaps, double @Nullable [] shares, LineLoss loss, Outcome outcome, LinePlan plan) {
    this.gaps = gaps;
    this.shares = shares;
    this.loss = loss;
    this.outcome = outcome;
    this.plan = plan;
  }

  /**
   * A place of a pair's mass.
   *
   * @param position z in [a, b]
   * @param mass in (0, 1], of the pair's mass of 1
   */
  public record Atom(double position, double mass) {}

  /** How the solve ended; see {@link LipschitzFollower#solve}. */
  public Status status() {
    return outcome.status;
  }

  /** The plan's expected loss, a lower bound on V. */
  public double value() {
    return outcome.value;
  }

  /**
   * λ* = ∂V/∂ε: the price of the least upper bound; of an interval of optimal prices one. At ε = 0
   * the Lipschitz constant, which is one.
   */
  public double dualPrice() {
    return outcome.dualPrice;
  }

  /** An upper bound on V − value, from weak duality, and on rounding. */
  public double certificate() {
    return outcome.certificate;
  }

  /** How often the loss was evaluated. */
  public int evaluations() {
    return outcome.evaluations;
  }

  /** N, the number of gaps. */
  public int size() {
    return gaps.length;
  }

  /** Where the mass of a pair goes: one or two places, by ascending position. */
  public List<Atom> atoms(int pair) {
    double one = plan.first[pair];
    double other = plan.second[pair];
    if (one == other || plan.share == 0) {
      return List.of(new Atom(other, 1));
    }
    if (plan.share == 1) {
      return List.of(new Atom(one, 1));
    }
    Atom first = new Atom(one, plan.share);
    Atom second = new Atom(other, 1 - plan.share);
    return one < other ? List.of(first, second) : List.of(second, first);
  }

  /** The mean position of each pair's mass, z_i*, the mean of its atoms. */
  public double[] positions() {
    return perPair((gap, z) -> z);
  }

  /** m_i ∈ [0, 1], the share of each pair's mass that leaves its gap. */
  public double[] moved() {
    return perPair((gap, z) -> z == gap ? 0 : 1);
  }

  /** E|z − ξ_i|, what each pair spends; its mean is at most ε. */
  public double[] displacements() {
    return perPair((gap, z) -> Math.abs(z - gap));
  }

  /**
   * ∂V/∂ξ_i with the support held fixed, by the envelope theorem at this plan: mass that was moved
   * right has the derivative λ*, mass moved left −λ*, mass that stayed ℓ'(ξ_i), all over N, or
   * times the pair's mass.
   *
   * <p>Mass stays only where |ℓ'(ξ_i)| ≤ λ*, but on an end of the support or a kink; there ℓ' is
   * cut off at ±λ*, which gives the derivative into the support. Where two plans are optimal (equal
   * gaps of which one is split, a gap between two targets) V has one-sided derivatives, and this is
   * a number between them. The relative accuracy is that of λ*, not of V.
   */
  public double[] gradient() {
    double[] gradient = slopes();
    Arrays.setAll(
        gradient,
        i -> (shares == null ? gradient[i] / gaps.length : shares[i] * gradient[i]) + 0.0); // no −0
    return gradient;
  }

  /** {@link #gradient()} per unit of a pair's mass: what takes the place of ℓ'(ξ_i). */
  public double[] slopes() {
    double price = outcome.dualPrice;
    return perPair(
        (gap, z) ->
            z == gap
                ? Math.max(-price, Math.min(price, loss.slope(gap)))
                : price * Math.signum(z - gap));
  }

  /**
   * This worst case, if its certificate is within the tolerance.
   *
   * @throws IllegalStateException if the evaluations were spent before
   */
  public LineWorstCase orElseThrow() {
    if (outcome.status == Status.NOT_CONVERGED) {
      throw new IllegalStateException(
          "the follower did not converge: the certified error is %s after %s evaluations"
              .formatted(outcome.certificate, outcome.evaluations));
    }
    return this;
  }

  @Override
  public String toString() {
    return "LineWorstCase" + outcome;
  }

  /** A function of a gap and a place of its mass. */
  @FunctionalInterface
  private interface OfPlace {
    double at(double gap, double z);
  }

  /** Its mean over each pair's mass. */
  private double[] perPair(OfPlace value) {
    double[] means = new double[gaps.length];
    for (int i = 0; i < means.length; i++) {
      double first = plan.share == 0 ? 0 : plan.share * value.at(gaps[i], plan.first[i]);
      double second = plan.share == 1 ? 0 : (1 - plan.share) * value.at(gaps[i], plan.second[i]);
      means[i] = first + second;
    }
    return means;
  }
}
