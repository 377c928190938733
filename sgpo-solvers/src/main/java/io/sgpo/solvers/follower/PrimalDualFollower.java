package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.follower.PairwiseWorstCase.Outcome;
import io.sgpo.spi.Follower;
import java.util.Objects;

/**
 * The follower by its dual, a convex problem in one variable:
 *
 * <pre>
 * V(ε) = min_{λ ≥ 0} λε + (1/N) Σ max_z { ℓ(z) − λ|z − ξ_i| : z ∈ [a, b] }
 * </pre>
 *
 * <p>Two prices close in on λ*, by turns where the supporting lines of the dual meet and halfway.
 * Their two plans are mixed so that the mixture spends ε: a primal solution, whose distance from
 * the dual value is the certificate. The mixture treats pairs of equal chord slope alike, so where
 * a surrogate makes many slopes equal its plan differs from that of {@link ExactFollower}, and its
 * value does not.
 *
 * <p>Cost: O(N) time per price, usually below 60 prices; two arrays of N numbers. Deterministic,
 * stateless and thread-safe. Of a loss that is not convex it finds the best plan that moves mass to
 * a only.
 */
public final class PrimalDualFollower implements Follower {
  private static final double TOLERANCE = 0x1p-50;

  /** For service loading; use {@link Followers#primalDual()}. */
  public PrimalDualFollower() {}

  @Override
  public String name() {
    return "primal-dual";
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
    double atLower = LossSum.atLower(ambiguity);
    ChordMoves moves = new ChordMoves(own, ambiguity);
    if (ambiguity.radius() == 0) {
      return new PairwiseWorstCase(
          own,
          ambiguity,
          summary,
          Outcome.of(Status.NOMINAL, moves.nominal(), moves.steepest(), 0, Double.NaN),
          MovedShares.nominal(own, ambiguity.loss()));
    }
    if (Transport.saturates(summary, ambiguity.radius())) {
      return new PairwiseWorstCase(
          own,
          ambiguity,
          summary,
          Outcome.of(Status.SATURATED, atLower, 0, 0, summary.max()),
          MovedShares.saturated(own.length, ambiguity));
    }
    DualSearch.Bracket bracket =
        DualSearch.minimise(
            moves, ambiguity.radius(), Math.max(moves.steepest(), Double.MIN_NORMAL), TOLERANCE);
    double[] moved = moves.moved(bracket);
    double price = moves.price(bracket);
    return new PairwiseWorstCase(
        own,
        ambiguity,
        summary,
        Outcome.of(
            Status.SOLVED,
            bracket.primal(),
            price,
            bracket.gap(),
            MovedShares.threshold(own, moved)),
        MovedShares.of(own, ambiguity, moved, price));
  }
}
