package io.sgpo.solvers.game;

import java.util.Objects;

/**
 * The regularised Nash policy by mirror descent: Nash-MD, optimistic, extragradient, and plain
 * self-play. Both players have the penalty τ KL(· ‖ r) against the leader's reference; the unique
 * solution is the fixed point
 *
 * <pre>
 * π(y) ∝ r(y) exp(p(y ≻ π)/τ).
 * </pre>
 *
 * <p>Steps are π⁺ ∝ π^{1−ητ} r^{ητ} exp(η p(· ≻ μ)), the methods differ in the opponent μ. At τ = 0
 * self-play cycles; the certificate says so. Cost: O(n²) per gradient. Deterministic given the
 * feedback's seed; stateless and thread-safe.
 */
public final class NashMirrorDescent {
  private final NashOptions options;

  /** A solver with these options. */
  public NashMirrorDescent(NashOptions options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  /** The options. */
  public NashOptions options() {
    return options;
  }

  /**
   * Solves the game, from the leader's reference.
   *
   * @param kl τ, finite, {@code >= 0}
   * @throws IllegalArgumentException if τ is not such, η τ {@code >} 1, or τ {@code >} 0 and the
   *     reference lacks full support
   */
  public NashSolution solve(PreferenceGame game, double kl) {
    return solve(game, kl, game.leaderReference());
  }

  /**
   * Solves the game from a start of the caller's.
   *
   * @param start where π starts; an empty action is treated as one of probability 1e-12
   * @throws IllegalArgumentException as {@link #solve(PreferenceGame, double)}, or if sizes differ
   */
  public NashSolution solve(PreferenceGame game, double kl, Distribution start) {
    IterationChecks.nonNegative("kl", kl);
    IterationChecks.mirrorStep("rate", options.rate(), "kl", kl);
    References.requireSupport(game, new KlStrengths(kl, 0));
    if (start.size() != game.size()) {
      throw new IllegalArgumentException(
          "start must have as many actions as the game, "
              + game.size()
              + ", but had "
              + start.size());
    }
    return new NashRun(game, kl, options, start).run();
  }
}
