package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.loss.LineLoss;
import io.sgpo.solvers.loss.PiecewiseAffine;
import java.util.Objects;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * The finite convex program of arXiv 2502.18099 as it stands there (after Mohajerin Esfahani and
 * Kuhn 2018, theorem 4.4), solved as a linear program:
 *
 * <pre>
 * maximise (1/N) Σ_ik [ a_k (s_ik ξ_i − q_ik) + b_k s_ik ]
 * s.t.     Σ_k s_ik = 1 for every i,  s ≥ 0
 *          (1/N) Σ_ik |q_ik| ≤ ε
 *          a s_ik ≤ s_ik ξ_i − q_ik ≤ b s_ik
 * </pre>
 *
 * <p>Its loss max_k (a_k ξ + b_k) need not be monotone: mass may move both ways. The worst case has
 * the atoms ξ_i − q_ik / s_ik with mass s_ik / N.
 *
 * <p>|q| is split into two variables, so there are 3NK of them under 1 + N + 2NK rows. It is the
 * reference that the closed form is tested against, for up to a few hundred gaps: its time grows
 * with about the cube of N.
 *
 * <p>The solver's tolerances are absolute, and it drops coefficients far below the largest of a
 * row: a narrow support, or a gap next to an end of it, would drown in them. So a displacement is
 * {@code L (√(d/L) l − √(d'/L) r)}, where L is the support's length and d, d' are the gap's
 * distances to its ends, with {@code 0 <= l <= √(d/L) s} and {@code 0 <= r <= √(d'/L) s} (the same
 * set: the better of two plans with one q keeps l or r at zero); the objective is what a plan gains
 * over moving nothing, in units of the steepest piece across the support. Deterministic, stateless
 * and thread-safe.
 */
public final class FiniteProgram {
  private static final double TOLERANCE = 0x1p-50;

  /**
   * A piece so far below the loss at a gap, or further, is not reached from there: that takes 1.
   */
  private static final double USELESS = -4;

  private final double[] gaps;
  private final double radius;
  private final double lower;
  private final double upper;
  private final double length;
  private final double[] slopes;
  private final double[] intercepts;
  private final LineLoss loss;
  private final Variable[][] mixing;
  private final Variable[][] left;
  private final Variable[][] right;

  FiniteProgram(double[] gaps, Ambiguity ambiguity, PiecewiseAffine loss) {
    this.gaps = gaps;
    this.lower = ambiguity.lower();
    this.upper = ambiguity.upper();
    this.radius = Math.min(ambiguity.radius(), upper - lower); // no mass goes further
    this.length = upper > lower ? upper - lower : 1;
    this.slopes = loss.slopes();
    this.intercepts = loss.intercepts();
    this.loss = LineLoss.ofPieces(loss);
    this.mixing = new Variable[gaps.length][slopes.length];
    this.left = new Variable[gaps.length][slopes.length];
    this.right = new Variable[gaps.length][slopes.length];
  }

  /**
   * Solves the program.
   *
   * @param gaps ξ_1..ξ_N, {@code N >= 1}, each finite and inside the support; not modified
   * @param ambiguity radius and support; its own loss is not read
   * @param loss the pieces (a_k, b_k)
   * @throws IllegalArgumentException for empty input, or a gap that is not finite or not in the
   *     support (naming its index)
   */
  public static FiniteSolution solve(double[] gaps, Ambiguity ambiguity, PiecewiseAffine loss) {
    Objects.requireNonNull(loss, "loss");
    double[] own = gaps.clone();
    GapSummary.checked(own, ambiguity);
    FiniteProgram program = new FiniteProgram(own, ambiguity, loss);
    return program.read(program.model().maximise());
  }

  private ExpressionsBasedModel model() {
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    Expression budget = model.newExpression("budget").upper(radius / length);
    double steepest = steepest();
    for (int i = 0; i < gaps.length; i++) {
      Expression whole = model.newExpression("whole " + i).level(1);
      for (int k = 0; k < slopes.length; k++) {
        addPiece(model, i, k, steepest);
        whole.set(mixing[i][k], 1);
        budget.set(left[i][k], root(gaps[i] - lower) / gaps.length);
        budget.set(right[i][k], root(upper - gaps[i]) / gaps.length);
      }
    }
    return model;
  }

  /** max_k |a_k|, or 1 where all pieces are level. */
  private double steepest() {
    double steepest = loss.lipschitz(lower, upper);
    return steepest > 0 ? steepest : 1;
  }

  private void addPiece(ExpressionsBasedModel model, int i, int k, double steepest) {
    String name = " " + i + " " + k;
    double gain = (slopes[k] * gaps[i] + intercepts[k] - loss.value(gaps[i])) / steepest / length;
    double slope = slopes[k] / steepest / gaps.length;
    mixing[i][k] =
        model.newVariable("s" + name).lower(0).weight(Math.max(gain, USELESS) / gaps.length);
    left[i][k] = moved(model, "l" + name, mixing[i][k], root(gaps[i] - lower), -slope);
    right[i][k] = moved(model, "r" + name, mixing[i][k], root(upper - gaps[i]), slope);
  }

  /** √(distance / length). */
  private double root(double distance) {
    return Math.sqrt(distance / length);
  }

  /** What of a piece's mass goes towards one end of the support. */
  private static Variable moved(
      ExpressionsBasedModel model, String name, Variable mass, double root, double slope) {
    Variable moved = model.newVariable(name).lower(0).weight(slope * root);
    model.newExpression("whole of " + name).lower(0).set(mass, root).set(moved, -1);
    return moved;
  }

  private FiniteSolution read(Optimisation.Result result) {
    double[][] s = new double[gaps.length][slopes.length];
    double[][] q = new double[gaps.length][slopes.length];
    double value = 0;
    for (int i = 0; i < gaps.length; i++) {
      for (int k = 0; k < slopes.length; k++) {
        int first = 3 * (i * slopes.length + k); // in the order in which they were made
        s[i][k] = result.doubleValue(first);
        q[i][k] =
            length
                * (root(gaps[i] - lower) * result.doubleValue(first + 1)
                    - root(upper - gaps[i]) * result.doubleValue(first + 2));
        value += slopes[k] * (s[i][k] * gaps[i] - q[i][k]) + intercepts[k] * s[i][k];
      }
    }
    value /= gaps.length;
    LossNodes nodes = LossNodes.of(gaps, lower, upper, loss);
    double steepest = nodes.steepest();
    DualSearch.Bracket bracket =
        DualSearch.minimise(
            new NodeMoves(nodes), radius, Math.max(steepest, Double.MIN_NORMAL), TOLERANCE);
    double violated = violation(s, q);
    double certificate = certificate(value, bracket.dual(), violated, steepest);
    return new FiniteSolution(
        status(result.getState(), value), value, bracket.price(), certificate, s, q);
  }

  /** What ojAlgo's state means here; a feasible answer that is not optimal did not converge. */
  static Status status(Optimisation.State state, double value) {
    return state.isOptimal() && Double.isFinite(value) ? Status.SOLVED : Status.NOT_CONVERGED;
  }

  /** The distance from the dual, what a violation may gain, and a bound on rounding. */
  static double certificate(double value, double dual, double violated, double steepest) {
    double rounding = TransportWorstCase.ROUNDING * (1 + Math.abs(value));
    return Math.abs(dual - value) + violated * (1 + steepest) + rounding;
  }

  /** The largest violation of a constraint. */
  double violation(double[][] s, double[][] q) {
    double worst = 0;
    double spent = 0;
    for (int i = 0; i < gaps.length; i++) {
      double mass = 0;
      for (int k = 0; k < slopes.length; k++) {
        mass += s[i][k];
        spent += Math.abs(q[i][k]);
        double position = s[i][k] * gaps[i] - q[i][k];
        worst = Math.max(worst, -s[i][k]);
        worst = Math.max(worst, lower * s[i][k] - position);
        worst = Math.max(worst, position - upper * s[i][k]);
      }
      worst = Math.max(worst, Math.abs(mass - 1));
    }
    return Math.max(worst, spent / gaps.length - radius);
  }
}
