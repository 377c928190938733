package io.sgpo.solvers.game;

/** The exact equilibrium's values, against which any pair of policies is certified. */
final class StackelbergTarget {
  private final PreferenceGame game;
  private final KlStrengths strengths;
  private final RowValues.Result rows;
  private final double[] leaderReference;
  private final double value;

  StackelbergTarget(PreferenceGame game, KlStrengths strengths) {
    References.requireSupport(game, strengths);
    this.game = game;
    this.strengths = strengths;
    this.rows = RowValues.of(game, strengths.followerKl());
    this.leaderReference = game.leaderReference().toArray();
    this.value = softMax(rows.values());
  }

  /** τ_L log Σ r exp(u/τ_L), or max u at τ_L = 0. */
  private double softMax(double[] u) {
    for (double entry : u) {
      if (entry == Double.POSITIVE_INFINITY) {
        return entry;
      }
    }
    return -SoftMin.value(SoftMin.negated(u), leaderReference, strengths.leaderKl());
  }

  double[] rowValues() {
    return rows.values();
  }

  int tiedRows() {
    return rows.tiedRows();
  }

  /** π*(y) ∝ r(y) exp(V(y)/τ_L). */
  double[] leader() {
    double[] leader = SoftMin.negated(rows.values());
    SoftMin.weights(leader, leaderReference, strengths.leaderKl());
    return leader;
  }

  /** f(π*, ω*) = τ_L log Σ_y r(y) exp(V(y)/τ_L). */
  double value() {
    return value;
  }

  /** min_ω f(π, ω) = E_π V − τ_L KL(π ‖ r). */
  double guaranteed(double[] leader) {
    double expected = 0;
    for (int y = 0; y < leader.length; y++) {
      expected += leader[y] * rows.values()[y];
    }
    return expected - penalty(strengths.leaderKl(), leader, leaderReference);
  }

  /** τ KL(w ‖ r). */
  private static double penalty(double tau, double[] weights, double[] reference) {
    if (tau == 0) {
      return 0;
    }
    double kl = 0;
    for (int i = 0; i < weights.length; i++) {
      kl += weights[i] == 0 ? 0 : weights[i] * Math.log(weights[i] / reference[i]);
    }
    return kl <= 0 ? 0 : tau * kl;
  }

  /**
   * U(y) = Σ ω(y'|y) p(y ≻ y') + τ_F KL(ω(·|y) ‖ r_F(·|y)), what the leader sees of this follower.
   */
  double[] rowCosts(ConditionalPolicy follower) {
    int n = game.size();
    double[] costs = new double[n];
    double[] p = new double[n];
    double[] answer = new double[n];
    double[] reference = new double[n];
    for (int y = 0; y < n; y++) {
      game.copyRow(y, p);
      follower.copyRow(y, answer);
      game.followerReference().copyRow(y, reference);
      double expected = 0;
      for (int other = 0; other < n; other++) {
        expected += answer[other] * p[other];
      }
      costs[y] = expected + penalty(strengths.followerKl(), answer, reference);
    }
    return costs;
  }

  /** The certificate of π and of a follower with the given {@link #rowCosts}. */
  StackelbergCertificate certify(double[] leader, double[] rowCosts) {
    double guaranteed = guaranteed(leader);
    double followerRegret = 0;
    for (int y = 0; y < leader.length; y++) {
      double regret = leader[y] == 0 ? 0 : leader[y] * (rowCosts[y] - rows.values()[y]);
      followerRegret += regret;
    }
    return new StackelbergCertificate(
        Math.max(0, value - guaranteed),
        Math.max(0, followerRegret),
        Math.max(0, softMax(rowCosts) - guaranteed));
  }
}
