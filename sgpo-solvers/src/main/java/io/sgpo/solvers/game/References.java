package io.sgpo.solvers.game;

/** Checks and logarithms of references. */
final class References {
  private References() {}

  /** Refuses references without full support where they are used. */
  static void requireSupport(PreferenceGame game, KlStrengths strengths) {
    if (strengths.leaderKl() > 0) {
      requireLeaderSupport(game, strengths.leaderKl());
    }
    if (strengths.followerKl() > 0 && !game.hasUniformFollower()) {
      double[] row = new double[game.size()];
      for (int y = 0; y < game.size(); y++) {
        game.followerReference().copyRow(y, row);
        requirePositive("followerReference[" + y + "]", row, "followerKl", strengths.followerKl());
      }
    }
  }

  static void requireLeaderSupport(PreferenceGame game, double leaderKl) {
    requirePositive("leaderReference", game.leaderReference().toArray(), "leaderKl", leaderKl);
  }

  private static void requirePositive(String name, double[] reference, String kl, double strength) {
    for (int i = 0; i < reference.length; i++) {
      if (!(reference[i] > 0)) {
        throw new IllegalArgumentException(
            name
                + "["
                + i
                + "] must be > 0 where "
                + kl
                + " > 0, but was "
                + reference[i]
                + " at "
                + kl
                + " "
                + strength
                + "; leave the action out of the game, or give it some mass");
      }
    }
  }

  /** log r, or zeros where τ = 0 and r does not matter. */
  static double[] logOf(double[] reference, double tau) {
    double[] logs = new double[reference.length];
    for (int i = 0; i < logs.length && tau > 0; i++) {
      logs[i] = Math.log(reference[i]);
    }
    return logs;
  }
}
