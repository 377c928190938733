package io.sgpo.solvers.follower;

/**
 * The plan that spends the budget.
 *
 * @param plan x_f and m_f
 * @param moved gaps that move entirely
 * @param tied gaps that move by m_f; 0 if none moves in part
 * @param left what the gaps that move entirely leave of Nε
 * @param rest Σ ℓ over all other gaps
 */
record Marginal(Transport plan, long moved, long tied, double left, double rest) {}
