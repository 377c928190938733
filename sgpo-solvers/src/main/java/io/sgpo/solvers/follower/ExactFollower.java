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
 * <p>The value does not depend on b. Cost: expected O(N) time, each unmoved gap's loss evaluated
 * once, one copy of the gaps. Deterministic, stateless and thread-safe. Exact for every {@link
 * GapLoss} that keeps its contract; a loss that is not convex shows in {@link
 * WorstCase#certificate()}.
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
    double[] own = gaps.clone();
    GapSummary summary = GapSummary.checked(own, ambiguity);
    Transport plan = Transport.within(own, summary, ambiguity.radius());
    Status status = status(summary, ambiguity.radius());
    double value = value(status, own, plan, ambiguity);
    return new TransportWorstCase(
        own,
        ambiguity,
        summary,
        plan,
        Double.isFinite(value) ? status : Status.NOT_CONVERGED,
        dualPrice(status, plan, summary, ambiguity.loss()),
        value);
  }

  private static Status status(GapSummary summary, double radius) {
    if (radius == 0) {
      return Status.NOMINAL;
    }
    return Transport.saturates(summary, radius) ? Status.SATURATED : Status.SOLVED;
  }

  private static double dualPrice(Status status, Transport plan, GapSummary summary, GapLoss loss) {
    return switch (status) {
      case NOMINAL -> loss.chordSlope(summary.lower(), summary.min());
      case SATURATED -> 0;
      default -> loss.chordSlope(summary.lower(), plan.threshold());
    };
  }

  private static double value(Status status, double[] gaps, Transport plan, Ambiguity ambiguity) {
    GapLoss loss = ambiguity.loss();
    double atLower = LossSums.atLower(ambiguity);
    if (status == Status.SATURATED) {
      return atLower;
    }
    double rest = LossSums.above(plan.threshold(), gaps, loss);
    if (status == Status.NOMINAL) {
      return rest / gaps.length;
    }
    int below = 0;
    int tied = 0;
    for (double gap : gaps) {
      below += gap < plan.threshold() ? 1 : 0;
      tied += gap == plan.threshold() ? 1 : 0;
    }
    double split = (1 - plan.fraction()) * loss.value(plan.threshold()) + plan.fraction() * atLower;
    return (below * atLower + tied * split + rest) / gaps.length;
  }
}
