package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.loss.ProbabilityLoss;
import io.sgpo.spi.Follower;
import java.util.Arrays;
import java.util.Objects;

/**
 * The follower on the scale of probabilities, as the reference implementation of arXiv 2502.18099
 * works: the ball is around p_i = σ(ξ_i) and its radius is in units of probability, so that 0.01
 * here is not 0.01 of margin.
 *
 * <p>Gradient and leader are those of the margins, by the chain rule: a moved pair has g_i = λ* p_i
 * (1 − p_i), so w_i = λ* p_i; an unmoved one has 1 − p_i, w_i = 1. Threshold, atoms and dual price
 * are in units of probability.
 */
public final class ProbabilityScale {
  private final Follower follower;

  /** On this scale any follower of probabilities solves. */
  public ProbabilityScale(Follower follower) {
    this.follower = Objects.requireNonNull(follower, "follower");
  }

  /**
   * The worst case of the gaps within a ball of probabilities.
   *
   * @param gaps ξ_1..ξ_N on the margin scale, finite, {@code N >= 1}; not modified
   * @param radius ε {@code >= 0}, in units of probability
   * @param lower a in [0, 1]; {@code > 0} for {@link ProbabilityLoss}, which is infinite at 0
   * @param upper b in [a, 1]
   * @param loss of the probability: {@link ProbabilityLoss} or {@link
   *     io.sgpo.solvers.loss.ProbabilityTangents}; see {@link io.sgpo.solvers.loss.ScaleLosses}
   * @throws IllegalArgumentException if the support is not within [0, 1], a gap is not finite, a
   *     probability is not in the support (naming its index), or the loss is not finite at a
   */
  public WorstCase solve(double[] gaps, double radius, double lower, double upper, GapLoss loss) {
    if (!(lower >= 0 && upper <= 1)) {
      throw new IllegalArgumentException(
          "support must lie in [0, 1], but was [" + lower + ", " + upper + "]");
    }
    double[] own = gaps.clone();
    for (int i = 0; i < own.length; i++) {
      if (!Double.isFinite(own[i])) {
        throw new IllegalArgumentException("gaps must be finite, but gap " + i + " was " + own[i]);
      }
    }
    WorstCase worst = follower.solve(probabilities(own), new Ambiguity(radius, lower, upper, loss));
    return new ProbabilityWorstCase(worst, own);
  }

  /**
   * The same support on the scale of probabilities, [σ(a), σ(b)], with the loss −log p; the radius
   * is not converted, it has no one value there.
   *
   * @param margins a set of margins; its loss is not read
   */
  public static Ambiguity on(Ambiguity margins) {
    return new Ambiguity(
        margins.radius(),
        probability(margins.lower()),
        probability(margins.upper()),
        ProbabilityLoss.exact());
  }

  /** p = σ(ξ), 0 below about −745 and 1 above about 37. */
  public static double probability(double gap) {
    return -GapLoss.logistic().slope(-gap);
  }

  /** σ(ξ_i); a fresh array. */
  public static double[] probabilities(double[] gaps) {
    return Arrays.stream(gaps).map(ProbabilityScale::probability).toArray();
  }
}
