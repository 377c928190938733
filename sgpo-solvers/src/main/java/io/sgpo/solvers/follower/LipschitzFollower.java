package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.follower.LineWorstCase.LinePlan;
import io.sgpo.solvers.follower.LineWorstCase.Outcome;
import io.sgpo.solvers.loss.LineLoss;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The follower of any Lipschitz loss on the line, convex or not, monotone or not, by its dual:
 *
 * <pre>
 * V(ε) = min_{λ ≥ 0} λε + (1/N) Σ max_z { ℓ(z) − λ|z − ξ_i| : z ∈ [a, b] }
 * </pre>
 *
 * <p>Strong duality holds for every such loss (Gao and Kleywegt 2023, theorem 1). As in {@link
 * PrimalDualFollower} the plan mixes those of two prices so that it spends ε: pairs that are equal
 * at λ* are split alike.
 *
 * <p>Each round solves the problem whose mass moves between nodes only: its plan is feasible, so
 * its value is a lower bound on V. Bounds on the loss between nodes (see {@link LineLoss}) turn the
 * same price into an upper bound. Cells in which the two differ are split where the bound is
 * attained (Piyavskii 1972, Shubert 1972), until the bounds agree or the evaluations are spent. A
 * loss that is convex between its breakpoints needs one round and is solved to rounding.
 *
 * <p>Cost: some 50 prices a round, O(nodes) time each, a few arrays as long as the nodes; O(N log
 * N) once. With a modulus of weak convexity a gap's target takes some dozens of evaluations, with a
 * Lipschitz constant alone about L/√(κδ) for a maximum of curvature κ at the tolerance δ, and Lw/δ
 * for a stretch of width w on which ℓ has the slope ±λ*: nothing less could certify it.
 * Deterministic, stateless and thread-safe.
 */
public final class LipschitzFollower {
  /** The default tolerance, relative to 1 + |V|. */
  public static final double DEFAULT_TOLERANCE = 1e-6;

  /** The default number of evaluations besides those at gaps, ends and breakpoints. */
  public static final int DEFAULT_EVALUATIONS = 100_000;

  private static final double PRICE_TOLERANCE = 0x1p-50;

  private final double tolerance;
  private final int evaluations;

  /** A follower of the default tolerance and budget. */
  public LipschitzFollower() {
    this(DEFAULT_TOLERANCE, DEFAULT_EVALUATIONS);
  }

  /**
   * A follower that stops at a tolerance or a budget.
   *
   * @param tolerance of the certificate, {@code > 0}, finite, relative to 1 + |V|
   * @param evaluations of the loss {@code >= 0}, besides those at gaps, ends and breakpoints
   * @throws IllegalArgumentException if one of them is not such
   */
  public LipschitzFollower(double tolerance, int evaluations) {
    if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException("tolerance must be finite and > 0, but was " + tolerance);
    }
    if (evaluations < 0) {
      throw new IllegalArgumentException("evaluations must be >= 0, but was " + evaluations);
    }
    this.tolerance = tolerance;
    this.evaluations = evaluations;
  }

  /**
   * The worst case of the gaps within the ambiguity set.
   *
   * <p>{@link Status#SATURATED} means that the radius is slack: all mass sits where the loss is
   * largest, and the price and the gradient are 0. {@link Status#NOT_CONVERGED} means that the
   * evaluations were spent; the value is then still that of a feasible plan, and the certificate
   * holds.
   *
   * @param gaps ξ_1..ξ_N, {@code N >= 1}, each finite and inside the support; not modified
   * @param ambiguity radius and support; its own loss is not read
   * @param loss ℓ
   * @throws IllegalArgumentException for empty input, a gap that is not finite or not in the
   *     support (naming its index), or a loss that is not finite at a node, has no finite Lipschitz
   *     constant {@code >= 0}, or changes faster than that
   */
  public LineWorstCase solve(double[] gaps, Ambiguity ambiguity, LineLoss loss) {
    return solved(gaps.clone(), null, ambiguity, loss);
  }

  /**
   * The worst case of gaps that have masses, of the ball around Σ μ_i δ(ξ_i); equal masses give the
   * answer that there is without them, but for rounding. Of the answer, gradient is ∂V/∂ξ_i, which
   * has the factor μ_i; atoms, moved shares, positions and displacements are per unit of mass.
   *
   * @param gaps ξ_1..ξ_N, {@code N >= 1}, each finite and inside the support; not modified
   * @param masses {@code >= 0}, finite, with a positive finite sum, by which they are divided; not
   *     modified
   * @param ambiguity radius and support; its own loss is not read
   * @param loss ℓ
   * @throws IllegalArgumentException as above, or if the masses are not such, naming the index
   */
  public LineWorstCase solve(double[] gaps, double[] masses, Ambiguity ambiguity, LineLoss loss) {
    return solved(gaps.clone(), Masses.shares(masses, gaps.length), ambiguity, loss);
  }

  private LineWorstCase solved(
      double[] own, double @Nullable [] shares, Ambiguity ambiguity, LineLoss loss) {
    Objects.requireNonNull(ambiguity, "ambiguity");
    Objects.requireNonNull(loss, "loss");
    GapSummary.checked(own, ambiguity);
    LossNodes nodes = LossNodes.of(own, shares, ambiguity.lower(), ambiguity.upper(), loss);
    if (ambiguity.radius() == 0) {
      return nominal(own, shares, nodes, loss);
    }
    Search search = search(nodes, ambiguity.radius());
    return new LineWorstCase(own, shares, loss, outcome(search), plan(own, search));
  }

  /**
   * What a search ended with.
   *
   * @param upper the least upper bound on V
   */
  private record Search(
      LossNodes nodes, NodeMoves moves, DualSearch.Bracket bracket, double upper, boolean found) {}

  private Search search(LossNodes first, double radius) {
    LossNodes nodes = first;
    double steepest = Math.max(first.steepest(), Double.MIN_NORMAL);
    double upper = Double.POSITIVE_INFINITY;
    while (true) {
      NodeMoves moves = new NodeMoves(nodes);
      DualSearch.Bracket bracket = DualSearch.minimise(moves, radius, steepest, PRICE_TOLERANCE);
      double allowed = tolerance * (1 + Math.abs(bracket.primal()));
      CellBounds bounds =
          new CellBounds(nodes, bracket.price(), moves.targets(bracket.price()), allowed / 2);
      upper = Math.min(upper, bounds.dual(radius));
      boolean found = upper - bracket.primal() <= allowed;
      int left = evaluations - (nodes.at.length - first.at.length);
      if (found || !bounds.active() || left == 0) {
        return new Search(nodes, moves, bracket, upper, found);
      }
      nodes = nodes.split(bounds.splits(left));
    }
  }

  private static Outcome outcome(Search search) {
    double value = search.bracket.primal();
    double price = search.bracket.price();
    Status reached = price == 0 ? Status.SATURATED : Status.SOLVED;
    return new Outcome(
        search.found ? reached : Status.NOT_CONVERGED,
        value,
        price,
        Math.max(0, search.upper - value) + rounding(search.nodes, price),
        search.nodes.at.length);
  }

  private static LinePlan plan(double[] gaps, Search search) {
    DualSearch.Bracket bracket = search.bracket;
    int[] over = search.moves.targets(bracket.over().price());
    int[] within = search.moves.targets(bracket.within().price());
    double[] first = new double[gaps.length];
    double[] second = new double[gaps.length];
    for (int i = 0; i < gaps.length; i++) {
      int node = search.nodes.indexOf(gaps[i]);
      first[i] = search.nodes.at[over[node]];
      second[i] = search.nodes.at[within[node]];
    }
    return new LinePlan(first, second, bracket.share());
  }

  /** ε = 0: nothing moves. */
  private static LineWorstCase nominal(
      double[] gaps, double @Nullable [] shares, LossNodes nodes, LineLoss loss) {
    Outcome outcome =
        new Outcome(
            Status.NOMINAL, nodes.mean(), nodes.steepest(), rounding(nodes, 0), nodes.at.length);
    return new LineWorstCase(gaps, shares, loss, outcome, new LinePlan(gaps, gaps, 0));
  }

  private static double rounding(LossNodes nodes, double price) {
    double width = nodes.at[nodes.at.length - 1] - nodes.at[0];
    return TransportWorstCase.ROUNDING * (1 + nodes.largest() + price * width);
  }
}
