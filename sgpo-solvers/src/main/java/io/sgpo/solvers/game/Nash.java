package io.sgpo.solvers.game;

import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * The Nash policy of a preference game (von Neumann winner), by linear programming:
 *
 * <pre>
 * max v  such that  Σ_y π(y) p(y ≻ y') ≥ v for every y',  Σ π = 1,  π ≥ 0.
 * </pre>
 *
 * <p>Both players choose at once and without penalty; the value of the game is ½. If there are
 * several Nash policies, the simplex method picks a vertex. For penalties use {@link
 * NashMirrorDescent}. Deterministic, stateless, thread-safe.
 */
public final class Nash {
  private Nash() {}

  /** Solves the game; the references do not matter. */
  public static NashSolution solve(PreferenceGame game) {
    Variable[] policy = new Variable[game.size()];
    Optimisation.Result result = program(game, policy).maximise();
    double[] weights = new double[policy.length];
    double sum = 0;
    for (int y = 0; y < weights.length; y++) {
      weights[y] = Math.max(0, result.doubleValue(y));
      sum += weights[y];
    }
    boolean usable = sum > 0 && sum < Double.POSITIVE_INFINITY;
    for (int y = 0; y < weights.length; y++) {
      weights[y] = usable ? weights[y] / sum : 1.0 / weights.length;
    }
    double gap = new NashGap(game, 0).of(weights);
    return new NashSolution(
        Distribution.owning(weights),
        (1 - gap) / 2,
        usable ? status(result.getState()) : SolveStatus.FAILED,
        gap,
        0,
        1,
        StackelbergEquilibrium.pairs(game.size()));
  }

  private static ExpressionsBasedModel program(PreferenceGame game, Variable[] policy) {
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    Expression total = model.newExpression("total").level(1);
    for (int y = 0; y < policy.length; y++) {
      policy[y] = model.newVariable("pi " + y).lower(0);
      total.set(policy[y], 1);
    }
    Variable value = model.newVariable("value").lower(0).upper(1).weight(1);
    double[] row = new double[game.size()];
    for (int other = 0; other < policy.length; other++) {
      game.copyRow(other, row);
      Expression against = model.newExpression("against " + other).lower(0);
      for (int y = 0; y < policy.length; y++) {
        against.set(policy[y], 1 - row[y]); // p(y ≻ y') = 1 − p(y' ≻ y)
      }
      against.set(value, -1);
    }
    return model;
  }

  /** What ojAlgo's state means here; a feasible answer that is not optimal is a failure. */
  static SolveStatus status(Optimisation.State state) {
    if (state.isOptimal()) {
      return SolveStatus.EXACT;
    }
    return state == Optimisation.State.UNBOUNDED ? SolveStatus.UNBOUNDED : SolveStatus.FAILED;
  }

  /**
   * The duality gap of a policy that both players play, with penalty τ KL(· ‖ r) on each:
   *
   * <pre>
   * 2 [ τ log Σ_y r(y) exp(p(y ≻ π)/τ) + τ KL(π ‖ r) ] − 1
   * </pre>
   *
   * 0 exactly for the (regularised) Nash policy. At τ = 0 it is 2 max_y p(y ≻ π) − 1.
   *
   * @param kl τ, finite, {@code >= 0}
   * @throws IllegalArgumentException if τ is not such, sizes differ, or τ {@code >} 0 and the
   *     leader's reference lacks full support
   */
  public static double dualityGap(PreferenceGame game, double kl, Distribution policy) {
    IterationChecks.nonNegative("kl", kl);
    if (policy.size() != game.size()) {
      throw new IllegalArgumentException(
          "policy must have as many actions as the game, "
              + game.size()
              + ", but had "
              + policy.size());
    }
    References.requireSupport(game, new KlStrengths(kl, 0));
    return new NashGap(game, kl).of(policy.toArray());
  }
}
