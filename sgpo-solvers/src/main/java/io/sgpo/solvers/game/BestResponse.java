package io.sgpo.solvers.game;

/** ω*(y'|y) ∝ r_F(y'|y) exp(−p(y ≻ y')/τ_F), its rows computed on demand. */
record BestResponse(PreferenceGame game, double followerKl) implements ConditionalPolicy {

  @Override
  public int size() {
    return game.size();
  }

  @Override
  public void copyRow(int leaderAction, double[] target) {
    double[] row = new double[game.size()];
    game.copyRow(leaderAction, row);
    if (game.hasUniformFollower()) {
      SoftMin.weights(row, null, followerKl);
    } else {
      double[] reference = new double[row.length];
      game.followerReference().copyRow(leaderAction, reference);
      SoftMin.weights(row, reference, followerKl);
    }
    System.arraycopy(row, 0, target, 0, row.length);
  }
}
