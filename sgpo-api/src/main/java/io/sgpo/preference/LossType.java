package io.sgpo.preference;

/**
 * The loss of a pair as a function of its gap ξ = β (log π/π_ref of the chosen − the same of the
 * rejected response). With a label smoothing e, a loss says what it does with it.
 */
public enum LossType {

  /**
   * −log σ(ξ) (DPO, arXiv 2305.18290, equation 7); smoothed −(1 − e) log σ(ξ) − e log σ(−ξ)
   * (conservative DPO, E. Mitchell, 2023). The default.
   */
  SIGMOID,

  /** max(0, 1 − ξ) (SLiC, arXiv 2305.10425, with margin 1 on the gap); not smoothed. */
  HINGE,

  /** (ξ/β − 1/(2β))² (IPO, arXiv 2310.12036, equation 17 with τ = β); not smoothed. */
  IPO,

  /**
   * [−(1 − e) log σ(ξ) + e log σ(−ξ)] / (1 − 2e): unbiased under labels flipped with probability e
   * (robust DPO, arXiv 2403.00409). Needs a label smoothing.
   */
  ROBUST
}
