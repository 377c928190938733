package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.game.GdaOptions.FollowerUpdate;
import io.sgpo.solvers.game.GdaOptions.RowWeight;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The rates that the options leave open, at equilibria that are known by hand. */
class SuitedRateTest {

  private static double rate(
      PreferenceGame game, KlStrengths kl, UnaryOperator<GdaOptions.Builder> options) {
    GdaOptions built = options.apply(GdaOptions.builder().timescaleRatio(4)).build();
    return new StackelbergGda(built).suitedRate(game, kl);
  }

  /** Half of 1/τ for each player, the follower at κ times the rate, at most 1. */
  @Test
  void entropicRatesAreHalfTheBound() {
    UnaryOperator<GdaOptions.Builder> entropic = o -> o.geometry(Geometry.ENTROPIC);
    assertEquals(0.5 / 2, rate(Games.cycle(), new KlStrengths(2, 0.1), entropic), 1e-15);
    assertEquals(0.5 / (4 * 3), rate(Games.cycle(), new KlStrengths(2, 3), entropic), 1e-15);
    assertEquals(1, rate(Games.cycle(), new KlStrengths(0.1, 0.01), entropic));
    assertEquals(1, rate(Games.cycle(), KlStrengths.NONE, entropic));
  }

  /**
   * The cycle's equilibrium at τ_F: the leader is uniform, a row is (e^{−1/2τ}, e^{−1/τ}, 1) over
   * its sum. Leader: ⅓/τ_L. Follower: smallest/(κ τ_F w), w = ⅓ played or 1 alike.
   */
  @Test
  void euclideanRatesAreTheSmallestProbabilityOverThePenalty() {
    PreferenceGame cycle = Games.cycle();
    double tau = 2;
    double smallest = Math.exp(-1 / tau) / (1 + Math.exp(-0.5 / tau) + Math.exp(-1 / tau));
    KlStrengths leaderBinds = new KlStrengths(40, tau);
    assertEquals(1.0 / 3 / 40, rate(cycle, leaderBinds, o -> o), 1e-15);
    KlStrengths followerBinds = new KlStrengths(0.1, tau);
    UnaryOperator<GdaOptions.Builder> equal = o -> o.rowWeight(RowWeight.EQUAL);
    assertEquals(smallest / (4 * tau), rate(cycle, followerBinds, equal), 1e-15);
    assertEquals(3 * smallest / (4 * tau), rate(cycle, followerBinds, o -> o), 1e-15);
    UnaryOperator<GdaOptions.Builder> best = o -> o.follower(FollowerUpdate.BEST_RESPONSE);
    assertEquals(0.2, rate(cycle, followerBinds, best), "only the leader steps");
    assertEquals(0.2, rate(cycle, KlStrengths.NONE, o -> o));
    assertEquals(
        1.0 / 3 / 40,
        rate(cycle, new KlStrengths(40, 0), o -> o),
        1e-15,
        "a follower without pull");
  }

  /** A row counts with the larger of what the leader plays at the start and at the end. */
  @Test
  void rowsCountWithTheirLargerWeight() {
    PreferenceGame game = Games.condorcetOverCycle();
    KlStrengths kl = new KlStrengths(0.2, 2);
    StackelbergSolution best = StackelbergEquilibrium.solve(game, kl);
    double least = Double.POSITIVE_INFINITY;
    for (int y = 0; y < 4; y++) {
      double weight = Math.max(0.25, best.leader().get(y));
      double[] row = best.follower().row(y).toArray();
      least = Math.min(least, SoftMin.smallest(row) / weight);
    }
    assertEquals(least / 8, rate(game, kl, o -> o), 1e-15);
  }

  /** Where a stable rate would be of no use, a coarse one is taken. */
  @Test
  void belowTheSmallestUsefulRateACoarseOneIsTaken() {
    KlStrengths tiny = new KlStrengths(1, 0.02); // e^{−50} is the smallest answer
    assertEquals(SuitedRate.COARSE, rate(Games.cycle(), tiny, o -> o));
    double edge = 1 / (3 * SuitedRate.SMALLEST);
    assertEquals(
        SuitedRate.SMALLEST, rate(Games.cycle(), new KlStrengths(0.999 * edge, 0), o -> o), 1e-7);
    assertEquals(SuitedRate.COARSE, rate(Games.cycle(), new KlStrengths(1.001 * edge, 0), o -> o));
  }

  @Test
  void strengthsMustBeFinite() {
    StackelbergGda gda = new StackelbergGda(GdaOptions.builder().build());
    assertEquals(
        "leaderKl and followerKl must be finite for an iterative solver, but were 1.0 and Infinity;"
            + " StackelbergEquilibrium takes infinite ones",
        Refusals.message(
            () -> gda.suitedRate(Games.cycle(), new KlStrengths(1, Double.POSITIVE_INFINITY))));
  }
}
