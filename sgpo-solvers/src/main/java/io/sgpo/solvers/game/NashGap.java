package io.sgpo.solvers.game;

/** The duality gap of a policy that both players play. */
final class NashGap {
  private final PreferenceGame game;
  private final double kl;
  private final double[] reference;
  private final double[] row;

  NashGap(PreferenceGame game, double kl) {
    this.game = game;
    this.kl = kl;
    this.reference = game.leaderReference().toArray();
    this.row = new double[game.size()];
  }

  /**
   * With f(π, π') = p(π ≻ π') − τ KL(π ‖ r) + τ KL(π' ‖ r) and f(π, π') + f(π', π) = 1,
   *
   * <pre>
   * gap = max_π' f(π', π) − min_π' f(π, π') = 2 [ τ log Σ_y r(y) exp(p(y ≻ π)/τ) + τ KL(π ‖ r) ] − 1.
   * </pre>
   */
  double of(double[] policy) {
    double[] losses = new double[policy.length];
    for (int y = 0; y < policy.length; y++) {
      game.copyRow(y, row);
      for (int other = 0; other < policy.length; other++) {
        losses[y] -= row[other] * policy[other];
      }
    }
    double attack = -SoftMin.value(losses, reference, kl);
    return Math.max(0, 2 * (attack + penalty(policy)) - 1);
  }

  private double penalty(double[] policy) {
    double divergence = 0;
    for (int y = 0; y < policy.length && kl > 0; y++) {
      double p = policy[y];
      divergence += p == 0 ? 0 : p * Math.log(p / reference[y]);
    }
    return kl * Math.max(0, divergence);
  }
}
