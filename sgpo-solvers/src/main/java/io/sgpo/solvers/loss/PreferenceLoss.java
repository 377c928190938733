package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;

/**
 * A loss of the DPO family as a function of the gap ξ = β(log π_θ/π_ref of the chosen − the same of
 * the rejected response): a pair's gradient is ℓ'(ξ) ∂ξ. Unlike a {@link GapLoss} it need not be
 * convex or monotone, and a {@code Follower} cannot take it; those of this interface are convex, so
 * {@link LineLoss#convex} makes them losses of the Lipschitz follower.
 *
 * <p>Implementations are immutable, thread-safe and do not overflow for finite gaps where their
 * value is finite.
 */
public interface PreferenceLoss {

  /** A name for reports, such as {@code sigmoid}. */
  String name();

  /** ℓ(ξ) for a finite gap. */
  double value(double gap);

  /** ℓ'(ξ); at a kink the right derivative. */
  double slope(double gap);

  /** ℓ(ξ) = −log σ(ξ) (DPO, arXiv 2305.18290, equation 7). */
  static PreferenceLoss sigmoid() {
    return sigmoid(0);
  }

  /**
   * ℓ(ξ) = −(1 − e) log σ(ξ) − e log σ(−ξ): DPO with smoothed labels, cDPO ("A note on DPO with
   * noisy preferences", E. Mitchell, 2023).
   *
   * @param labelSmoothing e in [0, ½), the assumed share of flipped labels
   * @throws IllegalArgumentException if e is outside [0, ½)
   */
  static PreferenceLoss sigmoid(double labelSmoothing) {
    return new SigmoidLoss(labelSmoothing);
  }

  /**
   * ℓ(ξ) = [(1 − e)(−log σ(ξ)) − e(−log σ(−ξ))] / (1 − 2e): unbiased under labels flipped with
   * probability e (robust DPO, arXiv 2403.00409). Negative for large gaps.
   *
   * @param flipProbability e in [0, ½)
   * @throws IllegalArgumentException if e is outside [0, ½)
   */
  static PreferenceLoss robust(double flipProbability) {
    return new RobustLoss(flipProbability);
  }

  /**
   * ℓ(ξ) = (ξ/β − 1/(2β))² (IPO, arXiv 2310.12036, equation 17 with τ = β), a function of the
   * summed log-ratios ξ/β.
   *
   * @param beta β {@code > 0}, the same that is in the gap
   * @throws IllegalArgumentException if β is not positive and finite
   */
  static PreferenceLoss ipo(double beta) {
    return new IpoLoss(beta);
  }

  /** ℓ(ξ) = max(0, 1 − ξ) (SLiC, arXiv 2305.10425, with margin 1 on the gap). */
  static PreferenceLoss hinge() {
    return new HingeLoss();
  }
}
