package io.sgpo.solvers.game;

/** How a solve ended. */
public enum SolveStatus {
  /** By closed form, or by a linear program that its solver calls optimal. */
  EXACT,
  /** The certificate fell to the tolerance. */
  CONVERGED,
  /** The iterations ran out above the tolerance; the certificate says how far above. */
  ITERATION_LIMIT,
  /** A step left the finite numbers; the last finite iterate is returned. Lower the rate. */
  NOT_FINITE,
  /** The problem has no finite optimum; the iterate at which this was seen is returned. */
  UNBOUNDED,
  /** The underlying solver failed; its answer, if any, is returned with a true certificate. */
  FAILED
}
