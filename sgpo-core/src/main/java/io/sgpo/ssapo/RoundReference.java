package io.sgpo.ssapo;

/**
 * The reference π_ref that the gaps of a round's training refer to. Self-annotation always judges
 * by the policy at the start of the run: against the start of a round all rewards would be 0.
 */
public enum RoundReference {
  /** The policy at the start of the run, as in SSAPO. The default. */
  START,
  /** The policy at the start of the round, as in SPA: it moves. */
  ROUND
}
