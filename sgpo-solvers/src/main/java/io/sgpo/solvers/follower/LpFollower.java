package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.follower.PairwiseWorstCase.Outcome;
import io.sgpo.solvers.follower.PairwiseWorstCase.Plan;
import io.sgpo.solvers.loss.PiecewiseAffine;
import io.sgpo.spi.Follower;
import java.util.Arrays;
import java.util.Objects;

/**
 * The follower by the paper's own program, {@link FiniteProgram}: for tangents and any other loss
 * that is a {@link PiecewiseAffine}.
 *
 * <p>It exists for fidelity and as a reference, for up to a few hundred gaps; {@link ExactFollower}
 * gives the same value in linear time. Where the optimum is not unique, the simplex method picks a
 * vertex: m_i and the weights of pairs at the threshold may differ from those of the exact one. Its
 * dual price is one of those that the value allows, from the one-dimensional dual. Deterministic,
 * stateless and thread-safe.
 */
public final class LpFollower implements Follower {

  /** For service loading; use {@link Followers#lp()}. */
  public LpFollower() {}

  @Override
  public String name() {
    return "lp";
  }

  /**
   * {@inheritDoc}
   *
   * <p>Any end of the solver other than an optimum is {@link Status#NOT_CONVERGED}.
   *
   * @throws IllegalArgumentException also if the loss is not a {@link PiecewiseAffine}
   */
  @Override
  public LpWorstCase solve(double[] gaps, Ambiguity ambiguity) {
    PiecewiseAffine pieces = pieces(Objects.requireNonNull(ambiguity, "ambiguity").loss());
    double[] own = gaps.clone();
    GapSummary summary = GapSummary.checked(own, ambiguity);
    FiniteSolution solution = FiniteProgram.solve(own, ambiguity, pieces);
    Status status = status(solution, summary, ambiguity.radius());
    Plan plan = plan(status, own, ambiguity, solution, pieces.slopes());
    double threshold =
        switch (status) {
          case NOMINAL -> Double.NaN;
          case SATURATED -> summary.max();
          default -> MovedShares.threshold(own, plan.moved());
        };
    Outcome outcome =
        new Outcome(
            status, solution.value(), price(status, solution), solution.certificate(), threshold);
    return new LpWorstCase(own, ambiguity, summary, outcome, plan, solution);
  }

  private static PiecewiseAffine pieces(GapLoss loss) {
    if (loss instanceof PiecewiseAffine pieces) {
      return pieces;
    }
    throw new IllegalArgumentException(
        "the loss of the follower lp must be piecewise affine, but was "
            + loss.name()
            + "; use tangents, or the follower exact");
  }

  private static Status status(FiniteSolution solution, GapSummary summary, double radius) {
    if (solution.status() != Status.SOLVED) {
      return solution.status();
    }
    if (radius == 0) {
      return Status.NOMINAL;
    }
    return Transport.saturates(summary, radius) ? Status.SATURATED : Status.SOLVED;
  }

  private static double price(Status status, FiniteSolution solution) {
    return status == Status.SATURATED ? 0 : solution.dualPrice();
  }

  private static Plan plan(
      Status status, double[] gaps, Ambiguity ambiguity, FiniteSolution solution, double[] slopes) {
    if (status == Status.NOMINAL) {
      return MovedShares.nominal(gaps, ambiguity.loss());
    }
    if (status == Status.SATURATED) {
      return MovedShares.saturated(gaps.length, ambiguity);
    }
    double[] moved = moved(gaps, ambiguity.lower(), solution.displacements());
    Plan plan = MovedShares.of(gaps, ambiguity, moved, solution.dualPrice());
    return new Plan(moved, plan.envelope(), mixture(solution.mixing(), slopes), plan.rule());
  }

  /** m_i = Σ_k q_ik / (ξ_i − a), the mean displacement; gaps equal to a count as moved. */
  private static double[] moved(double[] gaps, double lower, double[][] displacements) {
    double[] moved = new double[gaps.length];
    for (int i = 0; i < moved.length; i++) {
      double share = Arrays.stream(displacements[i]).sum() / (gaps[i] - lower);
      moved[i] = gaps[i] == lower ? 1 : Math.max(0, Math.min(1, share));
    }
    return moved;
  }

  /** Σ_k s_ik |a_k|, the paper's weighting of the loss by s. */
  private static double[] mixture(double[][] mixing, double[] slopes) {
    double[] kept = new double[mixing.length];
    for (int i = 0; i < kept.length; i++) {
      for (int k = 0; k < slopes.length; k++) {
        kept[i] += mixing[i][k] * Math.abs(slopes[k]);
      }
    }
    return kept;
  }
}
