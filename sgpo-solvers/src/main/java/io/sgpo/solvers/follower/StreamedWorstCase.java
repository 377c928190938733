package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase.Status;
import java.io.Serializable;

/**
 * The worst case of gaps that were not kept: {@link io.sgpo.follower.WorstCase} with functions of a
 * gap in place of arrays, since equal gaps are treated alike. Immutable; serializable if the loss
 * is.
 */
public final class StreamedWorstCase implements Serializable {
  private final Ambiguity ambiguity;
  private final GapSummary summary;
  private final Knapsack knapsack;
  private final int passes;

  StreamedWorstCase(Ambiguity ambiguity, GapSummary summary, Knapsack knapsack, int passes) {
    this.ambiguity = ambiguity;
    this.summary = summary;
    this.knapsack = knapsack;
    this.passes = passes;
  }

  /** Radius, support and loss, with what depended on the gaps filled in. */
  public Ambiguity ambiguity() {
    return ambiguity;
  }

  public Status status() {
    return knapsack.status();
  }

  /** V, the worst-case expected loss. */
  public double value() {
    return knapsack.value();
  }

  /** λ* = ∂V/∂ε; of an interval of prices the lowest. */
  public double dualPrice() {
    return knapsack.dualPrice();
  }

  /** x_f, the gap at and below which the follower moves mass; NaN if none moved. */
  public double threshold() {
    return status() == Status.NOMINAL ? Double.NaN : knapsack.plan().threshold();
  }

  /** m_f, the share of the mass on the threshold that moved. */
  public double fraction() {
    return knapsack.plan().fraction();
  }

  /** ε / (mean ξ − a): 0 is plain DPO, 1 and above leaves no gradient. */
  public double saturation() {
    return summary.saturation(ambiguity.radius());
  }

  /**
   * An upper bound on |V − optimum| by weak duality, for a loss that is convex as {@link
   * io.sgpo.follower.GapLoss} demands; that it is so, no pass checks.
   */
  public double certificate() {
    double magnitude = Math.abs(ambiguity.loss().value(ambiguity.lower())) + 2 * Math.abs(value());
    return knapsack.gap() + TransportWorstCase.ROUNDING * magnitude;
  }

  /** N, the number of gaps. */
  public long size() {
    return summary.size();
  }

  /** The smallest gap. */
  public double min() {
    return summary.min();
  }

  /** The largest gap. */
  public double max() {
    return summary.max();
  }

  /** The mean gap. */
  public double mean() {
    return summary.sum().value() / summary.size();
  }

  /** How often the gaps were read. */
  public int passes() {
    return passes;
  }

  /** m(ξ) in [0, 1], the share of the mass on a gap that was moved to a. */
  public double moved(double gap) {
    return knapsack.plan().moved(gap);
  }

  /** The mean position of the mass on a gap in the worst case, (1 − m) ξ + m a. */
  public double atom(double gap) {
    double moved = moved(gap);
    return (1 - moved) * gap + moved * ambiguity.lower();
  }

  /** ∂V/∂ξ_i of a pair with that gap, the support held fixed, {@code <= 0}. */
  public double gradient(double gap) {
    double moved = moved(gap);
    double kept = moved == 1 ? 0 : (1 - moved) * steepness(gap);
    return 0 - (kept + moved * dualPrice()) / size(); // −(1/N) g by the envelope theorem
  }

  /**
   * w, the weight of a pair with that gap relative to the loss that was solved; plain DPO has 1.
   *
   * @throws UnsupportedOperationException for {@link LeaderWeighting#ATOMS}, unless the support
   *     begins at the smallest gap: that weighting is another problem, to be solved by a query of
   *     its own
   */
  public double weight(double gap, LeaderWeighting weighting) {
    if (weighting == LeaderWeighting.UNIFORM || status() == Status.NOMINAL) {
      return 1;
    }
    return switch (weighting) {
      case ENVELOPE -> status() == Status.SATURATED ? 0 : relative(gap, dualPrice());
      case TANGENT_MIXTURE -> relative(gap, steepness(ambiguity.lower()));
      case ATOMS -> atomWeight(gap);
      case UNIFORM -> throw new AssertionError(weighting);
    };
  }

  /**
   * The rule that the leader follows until the next solve. A rule reads the current gap only; the
   * index of the pair is ignored. Under {@link LeaderWeighting#TANGENT_MIXTURE} and {@link
   * LeaderWeighting#ATOMS} the weight is therefore that of the current gap, where in memory it is
   * held from the solve.
   *
   * @throws UnsupportedOperationException as {@link #weight}
   */
  public LeaderRule leader(LeaderWeighting weighting) {
    if (weighting == LeaderWeighting.ATOMS && status() != Status.NOMINAL) {
      requireAtoms();
    }
    if (weighting == LeaderWeighting.ENVELOPE && status() == Status.SOLVED) {
      return LeaderRules.envelope(knapsack.plan(), dualPrice(), ambiguity.loss());
    }
    return (pair, gap) -> weight(gap, weighting) * LeaderRules.dpo(gap);
  }

  /**
   * This worst case, if its value is finite.
   *
   * @throws IllegalStateException if the loss was not finite on the gaps
   */
  public StreamedWorstCase orElseThrow() {
    if (status() == Status.NOT_CONVERGED) {
      throw new IllegalStateException("the follower did not converge: the value is " + value());
    }
    return this;
  }

  @Override
  public String toString() {
    return "StreamedWorstCase["
        + status()
        + ", value="
        + value()
        + ", dualPrice="
        + dualPrice()
        + ", threshold="
        + threshold()
        + ", saturation="
        + saturation()
        + ", size="
        + size()
        + ", passes="
        + passes
        + "]";
  }

  private double relative(double gap, double slope) {
    double moved = moved(gap);
    return moved == 0 ? 1 : LeaderRules.relative(moved, slope, steepness(gap));
  }

  /** N times the mass that ends on the gap; moved mass is shared by the pairs at the minimum. */
  private double atomWeight(double gap) {
    requireAtoms();
    double kept = 1 - moved(gap);
    return gap == min() ? kept + knapsack.movedMass() / summary.atMin() : kept;
  }

  private void requireAtoms() {
    if (ambiguity.lower() != min()) {
      throw new UnsupportedOperationException(
          "ATOMS needs a support that begins at the smallest gap "
              + min()
              + ", but it begins at "
              + ambiguity.lower()
              + "; ask GapQuery.wasserstein("
              + ambiguity.radius()
              + ").supportAround(0)");
    }
  }

  /** s(ξ) = |ℓ'(ξ)|. */
  private double steepness(double gap) {
    return -ambiguity.loss().slope(gap);
  }
}
