package io.sgpo.ssapo;

import java.util.List;

/**
 * SPA's self-refinement (arXiv 2406.04412): pairs that the policy itself doubts have their labels
 * smoothed,
 *
 * <pre>
 * L = −(1 − α z) log p_θ(y_w ≻ y_l) − α z log p_θ(y_l ≻ y_w),   z = 1 if the margin is ≤ τ, else 0
 * </pre>
 *
 * <p>where τ is a low quantile of the margins seen last. The margin is that of a model further on
 * than the policy, whose logits are (1 + λ) h_θ − λ h_ref with h_ref those of the round's
 * reference: labels are doubted by another model than the one that was trained on them.
 *
 * @param smoothing α in [0, ½]; 0.1 unless set
 * @param doubtedShare the quantile, in (0, 1): the share of pairs that is doubted; 0.1 unless set
 * @param delay the share of a round's steps before labels are smoothed, in [0, 1); 0.2 unless set,
 *     as in the reference implementation
 * @param extrapolation λ {@code >= 0} of each round, the last one for all later rounds; empty
 *     (unless set) for the published ½, ¼, ⅛ and on by halves; 0 takes the margin of the policy
 *     itself, which is free
 */
public record LabelRefinement(
    double smoothing, double doubtedShare, double delay, List<Double> extrapolation) {

  /** As published. */
  public static final LabelRefinement DEFAULT = new LabelRefinement(0.1, 0.1, 0.2, List.of());

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public LabelRefinement {
    require("smoothing", "in [0, 1/2]", smoothing >= 0 && smoothing <= 0.5, smoothing);
    require("doubtedShare", "in (0, 1)", doubtedShare > 0 && doubtedShare < 1, doubtedShare);
    require("smoothingDelay", "in [0, 1)", delay >= 0 && delay < 1, delay);
    extrapolation = List.copyOf(extrapolation);
    for (double lambda : extrapolation) {
      require("extrapolation", ">= 0, finite", lambda >= 0 && Double.isFinite(lambda), lambda);
    }
  }

  private static void require(String name, String rule, boolean holds, double value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", but was " + value);
    }
  }

  /**
   * λ of a round.
   *
   * @param round the round, from 1
   */
  double lambda(int round) {
    return extrapolation.isEmpty()
        ? Math.pow(2, -round)
        : extrapolation.get(Math.min(round, extrapolation.size()) - 1);
  }

  /** Whether labels are smoothed at a step, from 0, of so many. */
  boolean smooths(int step, int steps) {
    return smoothing > 0 && step >= delay * steps;
  }

  /** p (1 − α) + (1 − p) α, for a label that is doubted. */
  double smoothed(double probability) {
    return probability * (1 - smoothing) + (1 - probability) * smoothing;
  }
}
