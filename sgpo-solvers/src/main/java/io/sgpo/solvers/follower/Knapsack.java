package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase.Status;
import java.io.Serializable;

/**
 * The numbers of a solved follower.
 *
 * @param plan who moves
 * @param dualPrice λ*
 * @param value V
 * @param movedMass Σ m_i
 * @param gap by how much the dual bound exceeds the value, but for rounding 0
 */
record Knapsack(
    Status status, Transport plan, double dualPrice, double value, double movedMass, double gap)
    implements Serializable {

  /** ε = 0: nothing moves, and λ* is the largest chord slope. */
  static Knapsack nominal(GapSummary summary, GapLoss loss, double sumOfLosses) {
    double value = sumOfLosses / summary.size();
    double price = loss.chordSlope(summary.lower(), summary.min());
    return new Knapsack(finite(Status.NOMINAL, value), Transport.NONE, price, value, 0, 0);
  }

  /** ε {@code >=} mean ξ − a: all mass sits on a. */
  static Knapsack saturated(GapSummary summary, Ambiguity ambiguity) {
    Transport all = new Transport(summary.max() + 0.0, 1);
    double value = LossSum.atLower(ambiguity);
    return new Knapsack(Status.SATURATED, all, 0, value, summary.size(), 0);
  }

  /** λ* = (ℓ(a) − ℓ(x_f)) / (x_f − a), V = (1/N) Σ [ (1 − m_i) ℓ(ξ_i) + m_i ℓ(a) ]. */
  static Knapsack of(GapSummary summary, Ambiguity ambiguity, Marginal marginal) {
    Transport plan = marginal.plan();
    if (marginal.moved() == summary.size()) { // rounding has lost the end of the budget
      return saturated(summary, ambiguity);
    }
    GapLoss loss = ambiguity.loss();
    double lower = ambiguity.lower();
    double atLower = LossSum.atLower(ambiguity);
    double atThreshold = loss.value(plan.threshold());
    double price = loss.chordSlope(lower, plan.threshold());
    double split = (1 - plan.fraction()) * atThreshold + plan.fraction() * atLower;
    double tied = marginal.tied() == 0 ? 0 : marginal.tied() * split;
    double value = (marginal.moved() * atLower + tied + marginal.rest()) / summary.size();
    // λε + (1/N) Σ max(ℓ(ξ), ℓ(a) − λ(ξ − a)) − V, where convexity decides every other maximum
    double dual = Math.max(atThreshold, atLower - price * (plan.threshold() - lower));
    double gap = price * marginal.left() + marginal.tied() * (dual - split);
    return new Knapsack(
        finite(Status.SOLVED, value),
        plan,
        price,
        value,
        marginal.moved() + marginal.tied() * plan.fraction(),
        Math.abs(gap) / summary.size());
  }

  private static Status finite(Status status, double value) {
    return Double.isFinite(value) ? status : Status.NOT_CONVERGED;
  }
}
