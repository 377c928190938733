package io.sgpo.follower;

/**
 * The scale on which the follower measures how far it moves a preference: the unit of the radius.
 */
public enum GapScale {

  /** The gap ξ itself, a margin of implicit rewards, with the loss log(1 + e^−ξ). The default. */
  MARGIN,

  /**
   * The probability p = σ(ξ) of the label, with the loss −log p, as the reference implementation of
   * arXiv 2502.18099 works. A radius of 0.01 here is not 0.01 of margin: at p = ½ it is 0.04, near
   * 0 and 1 much more.
   */
  PROBABILITY
}
