package io.sgpo.solvers.game;

import java.util.Objects;

/**
 * StackelbergGDA (arXiv 2512.16626) on a finite game: gradient ascent for the leader and descent
 * for the follower on
 *
 * <pre>
 * f(π, ω) = Σ_y π(y) [ Σ_y' ω(y'|y) p(y ≻ y') + τ_F KL(ω(·|y) ‖ r_F(·|y)) ] − τ_L KL(π ‖ r)
 * </pre>
 *
 * with η_F = κ η_L. The defaults are the published projected, simultaneous steps from the
 * references; {@link GdaOptions} has the variants.
 *
 * <p>Convergence is judged by the certificate τ_L KL(π ‖ π*) + τ_F E_π KL(ω ‖ ω*) against the
 * closed form, not by the iterates: rows that the leader never plays converge slowly and do not
 * count. Fall below 1e-8 is sure for τ {@code >=} 0.1 and suitable rates; for small τ the entropic
 * geometry with {@link GdaOptions.RowWeight#EQUAL} is the robust choice, and the Euclidean one
 * needs rates below π_min/τ.
 *
 * <p>Cost: O(n²) per gradient, O(n²) memory. Deterministic given the feedback's seed; stateless and
 * thread-safe.
 */
public final class StackelbergGda {
  private final GdaOptions options;

  /** A solver with these options. */
  public StackelbergGda(GdaOptions options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  /** The options. */
  public GdaOptions options() {
    return options;
  }

  /**
   * The leader's rate that a run takes if the options leave it at 0: half the bound below which
   * steps are stable near the equilibrium, as far as such rates are of use.
   *
   * @throws IllegalArgumentException if a strength is infinite, or a reference that matters lacks
   *     full support
   */
  public double suitedRate(PreferenceGame game, KlStrengths strengths) {
    strengths.requireFinite();
    return SuitedRate.of(game, strengths, options);
  }

  /**
   * Solves the game, from the references.
   *
   * @throws IllegalArgumentException if a strength is infinite, a reference that matters lacks full
   *     support, or a rate is too large for entropic steps
   */
  public StackelbergSolution solve(PreferenceGame game, KlStrengths strengths) {
    return solve(game, strengths, game.leaderReference(), game.followerReference());
  }

  /**
   * Solves the game from a start of the caller's.
   *
   * @param leader where π starts; entropic steps treat an empty action as one of probability 1e-12
   * @param follower where ω starts; likewise
   * @throws IllegalArgumentException as {@link #solve(PreferenceGame, KlStrengths)}, or if sizes
   *     differ
   */
  public StackelbergSolution solve(
      PreferenceGame game, KlStrengths strengths, Distribution leader, ConditionalPolicy follower) {
    strengths.requireFinite();
    if (leader.size() != game.size() || follower.size() != game.size()) {
      throw new IllegalArgumentException(
          "the start must have as many actions as the game, "
              + game.size()
              + ", but leader and follower had "
              + leader.size()
              + " and "
              + follower.size());
    }
    double rate =
        options.leaderRate() > 0 ? options.leaderRate() : SuitedRate.of(game, strengths, options);
    if (options.geometry() == Geometry.ENTROPIC) {
      IterationChecks.mirrorStep("leaderRate", rate, "leaderKl", strengths.leaderKl());
      IterationChecks.mirrorStep(
          "leaderRate x timescaleRatio",
          rate * options.timescaleRatio(),
          "followerKl",
          strengths.followerKl());
    }
    GdaOptions decided = options.toBuilder().leaderRate(rate).build();
    return new GdaRun(game, strengths, decided, leader, follower).run();
  }
}
