package io.sgpo.solvers.game;

/**
 * How strongly the players are held to their references.
 *
 * @param leaderKl τ_L {@code >= 0}, in units of preference probability; 0 is no penalty, infinity
 *     pins the leader to its reference
 * @param followerKl τ_F {@code >= 0}, likewise
 */
public record KlStrengths(double leaderKl, double followerKl) {

  /** No penalty: the deterministic game. */
  public static final KlStrengths NONE = new KlStrengths(0, 0);

  /** Checks the domains. */
  public KlStrengths {
    requireNonNegative("leaderKl", leaderKl);
    requireNonNegative("followerKl", followerKl);
  }

  /** The same strength for both players. */
  public static KlStrengths both(double kl) {
    return new KlStrengths(kl, kl);
  }

  static void requireNonNegative(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(name + " must be >= 0, but was " + value);
    }
  }

  /** Refuses the infinite strengths, which only the closed form can take. */
  void requireFinite() {
    if (leaderKl == Double.POSITIVE_INFINITY || followerKl == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "leaderKl and followerKl must be finite for an iterative solver, but were "
              + leaderKl
              + " and "
              + followerKl
              + "; StackelbergEquilibrium takes infinite ones");
    }
  }
}
