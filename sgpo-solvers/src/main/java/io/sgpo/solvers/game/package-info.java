/**
 * Preference games on finitely many actions: the Stackelberg game of SLHF (arXiv 2512.16626),
 * solved exactly and by StackelbergGDA, and its peers, Nash policies and RLHF.
 *
 * <p>Every solver answers with a {@link io.sgpo.solvers.game.GameSolution}: a policy, its value,
 * how the solve ended, and a certificate of how far from its own target it is.
 */
@NullMarked
package io.sgpo.solvers.game;

import org.jspecify.annotations.NullMarked;
