package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.spi.Follower;
import java.util.Objects;

/**
 * The follower of SSAPO (arXiv 2502.18099), solved in closed form.
 *
 * <p>For a convex non-increasing ℓ the worst case V(ε) = sup { E_Q ℓ : Q on [a, b], W₁(Q, P̂) ≤ ε }
 * is a fractional knapsack: moving the mass of gap ξ_i to a costs ξ_i − a of the budget Nε and
 * gains ℓ(a) − ℓ(ξ_i), and the rate, the chord's slope, falls as ξ_i grows. So the smallest gaps
 * move first, each wholly to a; one gap x_f moves by a fraction m_f; the rest stay:
 *
 * <pre>
 * λ* = (ℓ(a) − ℓ(x_f)) / (x_f − a)
 * V  = (1/N) Σ [ (1 − m_i) ℓ(ξ_i) + m_i ℓ(a) ]
 * </pre>
 *
 * <p>Where the optimum is not unique: equal gaps at x_f share what is left equally; a budget spent
 * exactly between two gaps makes the upper one marginal with m_f = 0, the lowest dual price; with ε
 * {@code > 0} gaps equal to a count as moved. At ε = 0 nothing moves and λ* is the largest chord
 * slope (|ℓ'(a)| where a gap sits on a).
 *
 * <p>The value does not depend on b. Cost: expected O(N) time, two passes for most gaps, the first
 * of which copies the gaps, each unmoved gap's loss evaluated once; memory is that copy, which the
 * answer keeps, and beside it the few gaps near the marginal one, N/4 at most. Budgets are compared
 * in twice the precision of a double, so the threshold does not depend on the order of the gaps.
 * Exact for every {@link GapLoss} that keeps its contract; a loss that is not convex shows in
 * {@link WorstCase#certificate()}.
 *
 * <p>Stateless and thread-safe. From {@value Scan#PARALLEL_FROM} gaps on the passes run in parallel
 * in the common pool, or in the caller's {@link java.util.concurrent.ForkJoinPool} when called from
 * one of its threads, which confines them. The answer has the same bits for every number of
 * threads. {@link StreamingFollower} solves gaps that do not fit in memory.
 */
public final class ExactFollower implements Follower {

  /** For service loading; use {@link Followers#exact()}. */
  public ExactFollower() {}

  @Override
  public String name() {
    return "exact";
  }

  /**
   * {@inheritDoc}
   *
   * <p>A loss that yields a value that is not finite ends in {@link Status#NOT_CONVERGED}.
   *
   * @throws IllegalArgumentException also if the summed distances of the gaps to a overflow, or the
   *     loss is not finite at a
   */
  @Override
  public WorstCase solve(double[] gaps, Ambiguity ambiguity) {
    Objects.requireNonNull(ambiguity, "ambiguity");
    if (gaps.length < Scan.PARALLEL_FROM) {
      Gaps own = new DoubleGaps(gaps.clone());
      return solve(own, GapSummary.checked(own, ambiguity), ambiguity);
    }
    OwnDoubles own = new OwnDoubles(gaps);
    GapSummary summary = GapSummary.checked(own, ambiguity);
    return solve(own.release(), summary, ambiguity);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The gaps are widened a slice at a time; the answer has the bits that widening them first
   * would give, and keeps a copy in single precision.
   *
   * @throws IllegalArgumentException as for doubles
   */
  @Override
  public WorstCase solve(float[] gaps, Ambiguity ambiguity) {
    Objects.requireNonNull(ambiguity, "ambiguity");
    if (gaps.length < Scan.PARALLEL_FROM) {
      Gaps own = new FloatGaps(gaps.clone());
      return solve(own, GapSummary.checked(own, ambiguity), ambiguity);
    }
    OwnFloats own = new OwnFloats(gaps);
    GapSummary summary = GapSummary.checked(own, ambiguity);
    return solve(own.release(), summary, ambiguity);
  }

  /**
   * The worst case of gaps that have masses: V(ε) = sup E_Q ℓ over the ball around Σ μ_i δ(ξ_i). So
   * a pair whose label is only probable, p, is a mass p at its gap ξ and a mass 1 − p at −ξ, the
   * gap of the other label.
   *
   * <p>The same knapsack, item i costing μ_i (ξ_i − a); equal masses give the answer that there is
   * without them, but for rounding. Of the answer, gradient is ∂V/∂ξ_i = −μ_i g_i, and weights,
   * moved shares and atoms are per unit of mass. O(N log N), on the calling thread.
   *
   * @param gaps ξ_1..ξ_N, {@code N >= 1}, each finite and inside the support; not modified
   * @param masses {@code >= 0}, finite, with a positive finite sum, by which they are divided; not
   *     modified
   * @param ambiguity radius, support and loss
   * @throws IllegalArgumentException as above, or if the masses are not such, naming the index
   */
  public WorstCase solve(double[] gaps, double[] masses, Ambiguity ambiguity) {
    Objects.requireNonNull(ambiguity, "ambiguity");
    double[] own = gaps.clone();
    GapSummary.checked(own, ambiguity);
    LossSum.atLower(ambiguity); // refuses a loss that is infinite there
    double[] shares = Masses.shares(masses, own.length);
    return new MassWorstCase(own, shares, ambiguity, MassPlan.of(own, shares, ambiguity));
  }

  private static WorstCase solve(Gaps gaps, GapSummary summary, Ambiguity ambiguity) {
    LossSum.atLower(ambiguity); // refuses a loss that is infinite there
    return new TransportWorstCase(gaps, ambiguity, summary, knapsack(gaps, summary, ambiguity));
  }

  private static Knapsack knapsack(Gaps gaps, GapSummary summary, Ambiguity ambiguity) {
    double radius = ambiguity.radius();
    GapLoss loss = ambiguity.loss();
    if (radius == 0) {
      return Knapsack.nominal(summary, loss, ThresholdSearch.sumOfLosses(gaps, loss));
    }
    return Transport.saturates(summary, radius)
        ? Knapsack.saturated(summary, ambiguity)
        : Knapsack.of(summary, ambiguity, ThresholdSearch.find(gaps, summary, radius, loss));
  }
}
