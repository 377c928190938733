package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class StackelbergEquilibriumProperties {

  @Provide
  Arbitrary<PreferenceGame> games() {
    return Games.arbitrary();
  }

  @Provide
  Arbitrary<KlStrengths> strengths() {
    Arbitrary<Double> kl = Arbitraries.of(0.01, 0.05, 0.1, 0.3, 1.0, 5.0, 30.0);
    return kl.flatMap(leader -> kl.map(follower -> new KlStrengths(leader, follower)));
  }

  /** The objective, written out. */
  private static double objective(
      PreferenceGame game, KlStrengths kl, Distribution leader, ConditionalPolicy follower) {
    double total = 0;
    for (int y = 0; y < game.size(); y++) {
      Distribution row = follower.row(y);
      double expected = 0;
      for (int other = 0; other < game.size(); other++) {
        expected += row.get(other) * game.preference(y, other);
      }
      double penalty = kl.followerKl() * row.klFrom(game.followerReference().row(y));
      total += leader.get(y) * (expected + penalty);
    }
    return total - kl.leaderKl() * leader.klFrom(game.leaderReference());
  }

  @Property(tries = 300)
  void neitherPlayerCanDoBetter(
      @ForAll("games") PreferenceGame game,
      @ForAll("strengths") KlStrengths kl,
      @ForAll long seed) {
    StackelbergSolution best = StackelbergEquilibrium.solve(game, kl);
    assertEquals(
        best.value(), objective(game, kl, best.leader(), best.follower()), 1e-13 * scale(kl));
    SplittableRandom random = policies(seed);
    Distribution leader = Games.distribution(random, game.size());
    ConditionalPolicy follower = Games.policy(random, game.size());
    double slack = 1e-13 * scale(kl);
    assertTrue(objective(game, kl, leader, best.follower()) <= best.value() + slack);
    assertTrue(objective(game, kl, best.leader(), follower) >= best.value() - slack);
  }

  private static double scale(KlStrengths kl) {
    return 10 * (1 + kl.leaderKl() + kl.followerKl());
  }

  /** Uniqueness: away from the equilibrium the certificate is the divergence, and positive. */
  @Property(tries = 300)
  void theCertificateIsTheDivergenceFromTheEquilibrium(
      @ForAll("games") PreferenceGame game,
      @ForAll("strengths") KlStrengths kl,
      @ForAll long seed) {
    SplittableRandom random = policies(seed);
    Distribution leader = Games.distribution(random, game.size());
    ConditionalPolicy follower = Games.policy(random, game.size());
    StackelbergSolution best = StackelbergEquilibrium.solve(game, kl);
    double followerPart = 0;
    for (int y = 0; y < game.size(); y++) {
      followerPart += leader.get(y) * follower.row(y).klFrom(best.follower().row(y));
    }
    double leaderPart = kl.leaderKl() * leader.klFrom(best.leader());
    StackelbergCertificate bounds = StackelbergEquilibrium.certify(game, kl, leader, follower);
    double slack = 1e-12 * scale(kl);
    assertEquals(leaderPart, bounds.leaderRegret(), slack);
    assertEquals(kl.followerKl() * followerPart, bounds.followerRegret(), slack);
    assertTrue(bounds.gap() >= bounds.leaderRegret() - slack);
    assertTrue(game.size() == 1 || bounds.divergence() > 0);
    assertTrue(best.certificate() <= slack && best.bounds().gap() <= slack);
  }

  /**
   * Not the stream of a game with that seed: its references are the equilibrium where all
   * preferences are even, and drawing them again would be drawing the equilibrium.
   */
  private static SplittableRandom policies(long seed) {
    return new SplittableRandom(seed).split();
  }

  @Example
  void whereAllPreferencesAreEvenTheReferencesAreTheEquilibrium() {
    PreferenceGame random = Games.randomReferences(0, 3, false);
    double[][] even = new double[3][3];
    for (double[] row : even) {
      Arrays.fill(row, 0.5);
    }
    PreferenceGame game =
        PreferenceGame.of(even)
            .withLeaderReference(random.leaderReference())
            .withFollowerReference(random.followerReference());
    KlStrengths kl = new KlStrengths(0.01, 5);
    StackelbergCertificate bounds =
        StackelbergEquilibrium.certify(game, kl, game.leaderReference(), game.followerReference());
    assertEquals(0, bounds.divergence(), 1e-15);
    assertEquals(0, bounds.gap(), 1e-15);
    assertEquals(0.5, StackelbergEquilibrium.solve(game, kl).value(), 1e-15);
  }

  @Property(tries = 200)
  void withoutPenaltiesTheValueIsAtMostHalfAndHalfOnlyForACondorcetWinner(
      @ForAll("games") PreferenceGame game) {
    StackelbergSolution best = StackelbergEquilibrium.solve(game, KlStrengths.NONE);
    assertTrue(best.value() <= 0.5);
    assertEquals(!game.weakCondorcetWinners().isEmpty(), best.value() == 0.5);
    int leader = best.leader().mode();
    assertEquals(1, best.leader().get(leader));
    int follower = best.follower().row(leader).mode();
    assertEquals(best.value(), game.preference(leader, follower));
    if (best.value() == 0.5) {
      assertEquals(game.weakCondorcetWinners().size(), best.ties().leaderActions());
      assertEquals(game.weakCondorcetWinners().get(0), leader);
    }
  }

  @Property(tries = 100)
  void smallStrengthsTendToTheDeterministicGame(
      @ForAll("games") PreferenceGame game,
      @ForAll @DoubleRange(min = -12, max = -3) double power) {
    double kl = Math.pow(10, power);
    double limit = StackelbergEquilibrium.solve(game, KlStrengths.NONE).value();
    double value = StackelbergEquilibrium.solve(game, KlStrengths.both(kl)).value();
    double rate = kl * Math.log(1 / 0.01); // references are at least 0.01
    assertEquals(limit, value, rate + 1e-15);
  }

  @Property(tries = 100)
  void largeStrengthsTendToTheReferences(
      @ForAll("games") PreferenceGame game, @ForAll @DoubleRange(min = 1, max = 12) double power) {
    double kl = Math.pow(10, power);
    KlStrengths endless = KlStrengths.both(Double.POSITIVE_INFINITY);
    StackelbergSolution limit = StackelbergEquilibrium.solve(game, endless);
    StackelbergSolution near = StackelbergEquilibrium.solve(game, KlStrengths.both(kl));
    assertEquals(limit.value(), near.value(), 1 / kl + 1e-15); // the variance over 2τ, twice
    assertEquals(game.leaderReference(), limit.leader());
    assertEquals(game.followerReference().row(0), limit.follower().row(0));
    assertEquals(0, limit.certificate(), 1e-15);
    assertArrayEquals(limit.leader().toArray(), near.leader().toArray(), 1 / kl + 1e-15);
  }

  @Property(tries = 100)
  void renamingActionsRenamesTheSolution(
      @ForAll("games") PreferenceGame game, @ForAll("strengths") KlStrengths kl) {
    int n = game.size();
    double[][] p = new double[n][n];
    double[] leader = new double[n];
    double[][] follower = new double[n][n];
    for (int y = 0; y < n; y++) {
      leader[n - 1 - y] = game.leaderReference().get(y);
      for (int other = 0; other < n; other++) {
        p[n - 1 - y][n - 1 - other] = game.preference(y, other);
        follower[n - 1 - y][n - 1 - other] = game.followerReference().row(y).get(other);
      }
    }
    PreferenceGame renamed =
        PreferenceGame.of(p)
            .withLeaderReference(Distribution.of(leader))
            .withFollowerReference(ConditionalPolicy.of(follower));
    StackelbergSolution here = StackelbergEquilibrium.solve(game, kl);
    StackelbergSolution there = StackelbergEquilibrium.solve(renamed, kl);
    assertEquals(here.value(), there.value(), 1e-12);
    for (int y = 0; y < n; y++) {
      assertEquals(here.leader().get(y), there.leader().get(n - 1 - y), 1e-9);
    }
  }

  /** Cycle at τ: V = −τ log[(e^{−1/2τ} + e^{−1/τ} + 1)/3], the leader stays uniform. */
  @Example
  void theCycleByHand() {
    double tau = 0.25;
    StackelbergSolution best = StackelbergEquilibrium.solve(Games.cycle(), KlStrengths.both(tau));
    double sum = 1 + Math.exp(-2) + Math.exp(-4);
    assertEquals(-tau * Math.log(sum / 3), best.value(), 1e-15);
    assertArrayEquals(Distribution.uniform(3).toArray(), best.leader().toArray(), 1e-15);
    assertArrayEquals(
        new double[] {Math.exp(-2) / sum, Math.exp(-4) / sum, 1 / sum},
        best.follower().row(0).toArray(),
        1e-15);
    assertEquals(SolveStatus.EXACT, best.status());
    assertEquals(3, best.preferenceQueries());
  }

  @Example
  void rockPaperScissorsIsWorthNothingToTheLeaderWithoutPenalties() {
    StackelbergSolution best = StackelbergEquilibrium.solve(Games.cycle(), KlStrengths.NONE);
    assertEquals(0, best.value());
    assertEquals(Distribution.pure(3, 0), best.leader());
    assertEquals(Distribution.pure(3, 2), best.follower().row(0));
    assertEquals(new StackelbergSolution.Ties(3, 0), best.ties());
    assertEquals(0.5, Nash.solve(Games.cycle()).value(), 1e-12);
  }

  @Example
  void tiesOfTheFollowerAreCountedByRow() {
    PreferenceGame even = PreferenceGame.of(new double[][] {{0.5, 0.5}, {0.5, 0.5}});
    assertEquals(
        new StackelbergSolution.Ties(2, 2),
        StackelbergEquilibrium.solve(even, KlStrengths.NONE).ties());
    assertEquals(
        new StackelbergSolution.Ties(1, 0),
        StackelbergEquilibrium.solve(even, KlStrengths.both(1)).ties());
    double[][] many = new double[40][40]; // more rows than are taken at once
    for (double[] row : many) {
      Arrays.fill(row, 0.5);
    }
    assertEquals(
        new StackelbergSolution.Ties(40, 40),
        StackelbergEquilibrium.solve(PreferenceGame.of(many), KlStrengths.NONE).ties());
  }

  @Example
  void aCondorcetWinnerIsChosenOverACycle() {
    StackelbergSolution best =
        StackelbergEquilibrium.solve(Games.condorcetOverCycle(), new KlStrengths(0.001, 0));
    assertEquals(1, best.leader().get(3), 1e-12);
    assertEquals(0.5, best.value(), 0.002);
  }

  /** Strengths at which naive exponentials would under- or overflow. */
  @Example
  void tinyAndHugeStrengthsStayFinite() {
    PreferenceGame game = Games.randomReferences(3, 5, false);
    for (double kl : new double[] {Double.MIN_VALUE, 1e-300, 1e-9, 1e9, 1e300}) {
      StackelbergSolution best = StackelbergEquilibrium.solve(game, KlStrengths.both(kl));
      assertTrue(best.value() >= 0 && best.value() <= 1, () -> kl + " gave " + best.value());
      double sum = 0;
      for (double p : best.leader().toArray()) {
        sum += p;
      }
      assertEquals(1, sum, 1e-12);
    }
  }

  /** Above 256 actions rows are spread over threads; values must not notice. */
  @Example
  void largeGamesAreSolvedRowByRow() {
    PreferenceGame game = Games.random(9, 300, false);
    double[] values = StackelbergEquilibrium.actionValues(game, 0.2);
    double[] row = new double[300];
    for (int y = 0; y < 300; y++) {
      game.copyRow(y, row);
      double sum = 0;
      for (double p : row) {
        sum += Math.exp(-p / 0.2);
      }
      assertEquals(-0.2 * Math.log(sum / 300), values[y], 1e-14);
    }
    assertEquals(
        StackelbergEquilibrium.solve(game, KlStrengths.both(0.2)).value(),
        StackelbergEquilibrium.solve(
                PreferenceGame.of(game.toArray())
                    .withFollowerReference(ConditionalPolicy.constant(Distribution.uniform(300))),
                KlStrengths.both(0.2))
            .value(),
        1e-14);
  }
}
