package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.follower.PairwiseWorstCase.Outcome;
import io.sgpo.solvers.follower.PairwiseWorstCase.Plan;
import io.sgpo.spi.Follower;
import java.util.Objects;

/**
 * The follower with entropic regularisation: a Sinkhorn ball around the empirical gaps, in penalty
 * form. Each pair's mass is spread by a kernel π(·|ξ_i) and pays for leaving its reference measure:
 *
 * <pre>
 * V_T(ε) = max { (1/N) Σ_i [ E_π(z|ξ_i) ℓ(z) − T KL(π(·|ξ_i) ‖ ν_i) ] : (1/N) Σ_i E_π|z − ξ_i| ≤ ε }
 * ν_i    = δ_ξi + (1/M) Σ_j δ_zij,   z_ij = a + (j/M)(ξ_i − a),  j = 0..M−1
 * </pre>
 *
 * <p>The reference measure has mass 1 on staying and mass 1 spread evenly over M points from a up
 * to the gap; none lies above it, since moving up never pays. Staying is free (KL = 0), so mean ℓ ≤
 * V_T. It is not normalised; with ν_i/2 in its place every value is T log 2 lower. The dual is
 * smooth in one variable,
 *
 * <pre>
 * V_T(ε) = min_{λ ≥ 0} λε + (T/N) Σ_i log ∫ exp( (ℓ(z) − λ|z − ξ_i|) / T ) dν_i(z)
 * </pre>
 *
 * <p>and V − T log M ≤ V_T ≤ V + T log 2, so T → 0 is the exact follower. {@link WorstCase#value()}
 * is V_T; gradient and dual price are its derivatives, with the points z_ij moving in proportion as
 * ξ_i does. With M = 1 a pair moves by m_i = σ((ξ_i − a)(c_i − λ*)/T), c_i its chord slope: the
 * exact follower's threshold, softened.
 *
 * <p>The share m_i is the mean displacement over ξ_i − a. {@link LeaderWeighting#ATOMS} is that of
 * the exact follower, since the mass that is spread between pairs belongs to none. Where the radius
 * is slack the price is 0 and V_T stays below ℓ(a): with ε {@code >=} mean ξ − a the status is
 * {@link Status#SATURATED}, though the entropy leaves a gradient.
 *
 * <p>Cost: O(NM) exponentials per price, about 50 prices. Deterministic, stateless and thread-safe.
 */
public final class EntropicFollower implements Follower {
  /** T of the service {@code entropic}, in units of the loss. */
  public static final double DEFAULT_TEMPERATURE = 0.01;

  /** M of the service {@code entropic}. */
  public static final int DEFAULT_POINTS = 16;

  private static final double TOLERANCE = 0x1p-50;

  private final double temperature;
  private final int points;

  /** For service loading: the default temperature and points. */
  public EntropicFollower() {
    this(DEFAULT_TEMPERATURE, DEFAULT_POINTS);
  }

  /**
   * A follower of the given softness.
   *
   * @param temperature T {@code > 0}, finite, in units of the loss
   * @param points M {@code >= 1}, points that each pair's mass may move to
   * @throws IllegalArgumentException if one of them is not such
   */
  public EntropicFollower(double temperature, int points) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, but was "
              + temperature
              + "; 0 is the exact follower");
    }
    if (points < 1) {
      throw new IllegalArgumentException("points must be >= 1, but was " + points);
    }
    this.temperature = temperature;
    this.points = points;
  }

  @Override
  public String name() {
    return "entropic";
  }

  @Override
  public String description() {
    return name() + "(temperature=" + temperature + ", points=" + points + ")";
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
    LossSum.atLower(ambiguity);
    if (ambiguity.radius() == 0) {
      ChordMoves chords = new ChordMoves(own, ambiguity);
      double mean = chords.nominal();
      return new PairwiseWorstCase(
          own,
          ambiguity,
          summary,
          Outcome.of(Status.NOMINAL, mean, chords.steepest(), 0, Double.NaN),
          MovedShares.nominal(own, ambiguity.loss()));
    }
    boolean saturated = Transport.saturates(summary, ambiguity.radius());
    double radius = saturated ? Double.POSITIVE_INFINITY : ambiguity.radius();
    SoftKernel kernel = new SoftKernel(ambiguity, temperature, points);
    DualSearch.Bracket bracket =
        DualSearch.minimise(price -> kernel.over(own, price), radius, 1, TOLERANCE);
    Plan plan = plan(own, kernel, bracket);
    Status status = saturated ? Status.SATURATED : Status.SOLVED;
    return new PairwiseWorstCase(
        own,
        ambiguity,
        summary,
        Outcome.of(
            status,
            bracket.dual(),
            bracket.price(),
            bracket.gap(),
            MovedShares.threshold(own, plan.moved())),
        plan);
  }

  /** The mixture of the plans at the bracket's two prices. */
  private static Plan plan(double[] gaps, SoftKernel kernel, DualSearch.Bracket bracket) {
    double[] moved = new double[gaps.length];
    double[] envelope = new double[gaps.length];
    double[] kept = new double[gaps.length];
    double share = bracket.share();
    for (int i = 0; i < gaps.length; i++) {
      SoftKernel.Spread over = kernel.at(gaps[i], bracket.over().price());
      SoftKernel.Spread within = kernel.at(gaps[i], bracket.within().price());
      moved[i] = Math.min(1, share * over.moved() + (1 - share) * within.moved());
      envelope[i] = share * over.envelope() + (1 - share) * within.envelope();
      kept[i] = share * over.kept() + (1 - share) * within.kept();
    }
    return new Plan(moved, envelope, kept, (pair, gap) -> kernel.coefficient(gap, bracket));
  }
}
