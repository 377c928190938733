package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;

/** The worst case of {@link LpFollower}, with the variables of the paper's program. */
public final class LpWorstCase extends PairwiseWorstCase {
  private final FiniteSolution solution;

  LpWorstCase(
      double[] gaps,
      Ambiguity ambiguity,
      GapSummary summary,
      Outcome outcome,
      Plan plan,
      FiniteSolution solution) {
    super(gaps, ambiguity, summary, outcome, plan);
    this.solution = solution;
  }

  /** The variables (s, q) as the solver left them. */
  public FiniteSolution program() {
    return solution;
  }
}
