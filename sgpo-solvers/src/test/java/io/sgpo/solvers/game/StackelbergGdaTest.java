package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.game.GdaOptions.FollowerUpdate;
import io.sgpo.solvers.game.GdaOptions.RowWeight;
import io.sgpo.solvers.game.GdaOptions.Schedule;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StackelbergGdaTest {

  private static StackelbergGda gda(UnaryOperator<GdaOptions.Builder> options) {
    return new StackelbergGda(options.apply(GdaOptions.builder()).build());
  }

  private static void converges(StackelbergGda solver, PreferenceGame game, KlStrengths kl) {
    StackelbergSolution solution = solver.solve(game, kl);
    assertEquals(SolveStatus.CONVERGED, solution.status(), () -> kl + " " + solution.bounds());
    assertTrue(solution.certificate() <= 1e-8);
    double target = StackelbergEquilibrium.solve(game, kl).value();
    assertEquals(target, solution.value(), 1e-8);
    assertTrue(solution.value() <= target + 1e-14);
    StackelbergCertificate recomputed =
        StackelbergEquilibrium.certify(game, kl, solution.leader(), solution.follower());
    assertEquals(solution.certificate(), recomputed.divergence(), 1e-13);
  }

  /** As published: projected, simultaneous, two time scales, down to τ = 0.1. */
  @ParameterizedTest
  @EnumSource(Schedule.class)
  void projectedStepsConvergeFromATenth(Schedule schedule) {
    StackelbergGda solver = gda(o -> o.schedule(schedule));
    for (double tau : new double[] {1, 0.3, 0.1}) {
      converges(solver, Games.cycle(), KlStrengths.both(tau));
      converges(solver, Games.weightedCycle(0.1, 0.2, 0.4), KlStrengths.both(tau));
      converges(solver, Games.condorcetOverCycle(), KlStrengths.both(tau));
      converges(solver, Games.randomReferences(5, 4, false), KlStrengths.both(tau));
    }
    converges(solver, Games.cycle(), new KlStrengths(1, 0.1));
    converges(solver, Games.cycle(), new KlStrengths(0.1, 1));
  }

  @ParameterizedTest
  @EnumSource(Schedule.class)
  void mirrorStepsConvergeOnRandomGames(Schedule schedule) {
    StackelbergGda solver = gda(o -> o.schedule(schedule).geometry(Geometry.ENTROPIC));
    for (int seed = 0; seed < 12; seed++) {
      PreferenceGame game = Games.randomReferences(seed, 2 + seed % 6, seed % 2 == 0);
      converges(solver, game, KlStrengths.both(0.1));
      converges(solver, game, new KlStrengths(0.5, 0.2));
    }
  }

  @ParameterizedTest
  @EnumSource(Geometry.class)
  void rowsMayBeWeightedAlike(Geometry geometry) {
    StackelbergGda solver = gda(o -> o.geometry(geometry).rowWeight(RowWeight.EQUAL));
    for (int seed = 0; seed < 5; seed++) {
      converges(solver, Games.randomReferences(seed, 3, false), KlStrengths.both(0.1));
    }
  }

  @ParameterizedTest
  @EnumSource(Geometry.class)
  void againstABestResponseTheLeaderClimbsAlone(Geometry geometry) {
    StackelbergGda solver = gda(o -> o.geometry(geometry).follower(FollowerUpdate.BEST_RESPONSE));
    for (int seed = 0; seed < 5; seed++) {
      PreferenceGame game = Games.randomReferences(seed, 5, false);
      converges(solver, game, KlStrengths.both(0.1));
      converges(solver, game, new KlStrengths(0.1, 0));
    }
  }

  /** Uniqueness: every start leads to the same pair. */
  @Test
  void everyStartEndsAtTheSameEquilibrium() {
    PreferenceGame game = Games.randomReferences(11, 4, false);
    KlStrengths kl = KlStrengths.both(0.2);
    StackelbergSolution exact = StackelbergEquilibrium.solve(game, kl);
    SplittableRandom random = new SplittableRandom(2);
    for (Geometry geometry : Geometry.values()) {
      StackelbergGda solver = gda(o -> o.geometry(geometry).tolerance(1e-12));
      for (int start = 0; start < 8; start++) {
        Distribution leader =
            start < 4 ? Distribution.pure(4, start) : Games.distribution(random, 4);
        StackelbergSolution end = solver.solve(game, kl, leader, Games.policy(random, 4));
        assertEquals(SolveStatus.CONVERGED, end.status());
        for (int y = 0; y < 4; y++) {
          assertEquals(exact.leader().get(y), end.leader().get(y), 1e-5); // √(2·1e-12/τ)
        }
      }
    }
  }

  /** Without penalties both geometries find the deterministic maximin. */
  @ParameterizedTest
  @EnumSource(Geometry.class)
  void withoutPenaltiesTheMaximinActionIsFound(Geometry geometry) {
    PreferenceGame game = Games.condorcetOverCycle();
    StackelbergSolution end =
        gda(o -> o.geometry(geometry).iterations(20_000)).solve(game, KlStrengths.NONE);
    assertEquals(SolveStatus.CONVERGED, end.status(), () -> end.bounds().toString());
    assertEquals(0.5, end.value(), 1e-8);
    assertEquals(3, end.leader().mode());
  }

  /** Below 0.1: the mirror variant still converges, the published one hovers; both are reported. */
  @Test
  void smallStrengthsAreReported(TestReporter reporter) {
    for (double tau : new double[] {0.05, 0.02, 0.01, 0.001}) {
      StackelbergGda mirror = gda(o -> o.geometry(Geometry.ENTROPIC).rowWeight(RowWeight.EQUAL));
      StackelbergGda projected = gda(o -> o.leaderRate(0.01).iterations(20_000));
      double worst = 0;
      int iterations = 0;
      for (int seed = 0; seed < 6; seed++) {
        PreferenceGame game = Games.random(seed, 3 + seed % 4, false);
        converges(mirror, game, KlStrengths.both(tau));
        iterations = Math.max(iterations, mirror.solve(game, KlStrengths.both(tau)).iterations());
        worst = Math.max(worst, projected.solve(game, KlStrengths.both(tau)).certificate());
      }
      assertTrue(worst < 0.02, "projected steps ended at " + worst + " for tau " + tau);
      reporter.publishEntry(
          String.format(
              Locale.ROOT,
              "tau %.3f: mirror steps reach 1e-8 within %d iterations,"
                  + " projected steps %.1e in 20000",
              tau,
              iterations,
              worst));
    }
  }

  @Test
  void votesAndNoiseLeadNearTheEquilibrium() {
    PreferenceGame game = Games.weightedCycle(0.1, 0.3, 0.5);
    KlStrengths kl = KlStrengths.both(0.3);
    for (Feedback feedback : new Feedback[] {Feedback.sampled(16, 3), Feedback.noisy(0.3, 3)}) {
      StackelbergGda solver =
          gda(
              o ->
                  o.geometry(Geometry.ENTROPIC)
                      .leaderRate(0.05)
                      .rateDecay(0.01)
                      .iterations(20_000)
                      .feedback(feedback));
      StackelbergSolution end = solver.solve(game, kl);
      double start =
          StackelbergEquilibrium.certify(game, kl, game.leaderReference(), game.followerReference())
              .divergence();
      assertTrue(end.certificate() < 2e-4, () -> feedback + " ended at " + end.bounds());
      assertTrue(end.certificate() < start / 100);
      assertEquals(end.leader(), solver.solve(game, kl).leader(), "the seed decides");
    }
  }

  @Test
  void queriesAndGradientsAreCounted() {
    UnaryOperator<GdaOptions.Builder> ten = o -> o.iterations(10).tolerance(0).leaderRate(0.01);
    PreferenceGame game = Games.random(1, 5, false);
    KlStrengths kl = KlStrengths.both(1);
    StackelbergSolution full = gda(ten).solve(game, kl);
    assertEquals(SolveStatus.ITERATION_LIMIT, full.status());
    assertEquals(10, full.iterations());
    assertEquals(10, full.gradientEvaluations());
    assertEquals(100, full.preferenceQueries()); // 5·4/2 pairs each
    StackelbergSolution twice =
        gda(o -> ten.apply(o).schedule(Schedule.EXTRAGRADIENT)).solve(game, kl);
    assertEquals(20, twice.gradientEvaluations());
    StackelbergSolution votes =
        gda(o -> ten.apply(o).feedback(Feedback.sampled(7, 1))).solve(game, kl);
    assertEquals(70, votes.preferenceQueries());
    String message = assertThrows(IllegalStateException.class, full::orElseThrow).getMessage();
    assertTrue(message.startsWith("the game was not solved: status ITERATION_LIMIT after 10"));
  }

  @Test
  void aStepOutOfTheFiniteNumbersIsReported() {
    StackelbergSolution end =
        gda(o -> o.leaderRate(1e308).timescaleRatio(10)).solve(Games.cycle(), KlStrengths.both(1));
    assertEquals(SolveStatus.NOT_FINITE, end.status());
    assertTrue(Double.isFinite(end.certificate()) && Double.isFinite(end.leader().get(0)));
  }

  @Test
  void aSolutionThatMetItsTargetIsHandedOn() {
    StackelbergSolution exact = StackelbergEquilibrium.solve(Games.cycle(), KlStrengths.both(1));
    assertSame(exact, exact.orElseThrow());
    StackelbergSolution converged = gda(o -> o).solve(Games.cycle(), KlStrengths.both(1));
    assertEquals(SolveStatus.CONVERGED, converged.status());
    assertSame(converged, converged.orElseThrow());
  }

  /** A follower off its reference costs without end where τ_F has none. */
  @Test
  void anEndlessPenaltyIsAnEndlessRegret() {
    PreferenceGame cycle = Games.cycle();
    ConditionalPolicy off = ConditionalPolicy.constant(Distribution.of(0.5, 0.25, 0.25));
    KlStrengths endless = new KlStrengths(1, Double.POSITIVE_INFINITY);
    StackelbergCertificate bounds =
        StackelbergEquilibrium.certify(cycle, endless, Distribution.uniform(3), off);
    assertEquals(Double.POSITIVE_INFINITY, bounds.followerRegret());
    assertEquals(Double.POSITIVE_INFINITY, bounds.gap());
    assertEquals(0, bounds.leaderRegret(), 1e-15);
    ConditionalPolicy elsewhere =
        ConditionalPolicy.of(Distribution.uniform(3), off.row(1), off.row(2));
    StackelbergCertificate unplayed =
        StackelbergEquilibrium.certify(cycle, endless, Distribution.pure(3, 0), elsewhere);
    assertEquals(0, unplayed.followerRegret(), 1e-15, "rows that are not played do not count");
  }

  /** Without penalties a reference may lack an action, and the leader may still play it. */
  @Test
  void withoutPenaltiesReferencesCostNothing() {
    PreferenceGame game =
        Games.condorcetOverCycle().withLeaderReference(Distribution.of(0.5, 0.5, 0, 0));
    StackelbergCertificate bounds =
        StackelbergEquilibrium.certify(
            game, KlStrengths.NONE, Distribution.uniform(4), game.followerReference());
    // V = (0, 0, 0, ½); rows against a uniform follower 0.475, 0.475, 0.475, 0.575
    assertEquals(0.5 - 0.125, bounds.leaderRegret(), 1e-15);
    assertEquals((3 * 0.475 + 0.575) / 4 - 0.125, bounds.followerRegret(), 1e-15);
    assertEquals(0.575 - 0.125, bounds.gap(), 1e-15);
  }

  @ParameterizedTest
  @EnumSource(Geometry.class)
  void withoutPenaltiesStepsLeaveTheReferencesSupport(Geometry geometry) {
    PreferenceGame game =
        Games.condorcetOverCycle()
            .withLeaderReference(Distribution.of(0.5, 0.5, 0, 0))
            .withFollowerReference(ConditionalPolicy.constant(Distribution.of(1, 0, 0, 0)));
    StackelbergSolution end =
        gda(o -> o.geometry(geometry).iterations(20_000)).solve(game, KlStrengths.NONE);
    assertEquals(SolveStatus.CONVERGED, end.status(), () -> end.bounds().toString());
    assertEquals(3, end.leader().mode());
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void optionsAreChecked() {
    assertAll(
        () ->
            refused(
                "leaderRate must be finite and >= 0, but was -1.0",
                () -> gda(o -> o.leaderRate(-1))),
        () ->
            refused(
                "timescaleRatio must be finite and > 0, but was 0.0",
                () -> gda(o -> o.timescaleRatio(0))),
        () -> refused("iterations must be >= 1, but was 0", () -> gda(o -> o.iterations(0))),
        () ->
            refused(
                "tolerance must be finite and >= 0, but was NaN",
                () -> gda(o -> o.tolerance(Double.NaN))),
        () -> refused("checkEvery must be >= 1, but was 0", () -> gda(o -> o.checkEvery(0))),
        () ->
            refused(
                "rateDecay must be finite and >= 0, but was -1.0", () -> gda(o -> o.rateDecay(-1))),
        () -> refused("pairs must be >= 1, but was 0", () -> Feedback.sampled(0, 1)),
        () ->
            refused("deviation must be finite and >= 0, but was -2.0", () -> Feedback.noisy(-2, 1)),
        () ->
            refused(
                "leaderRate x timescaleRatio x followerKl must be <= 1 for entropic steps, but was 5.0 x 1.0;"
                    + " lower the rate",
                () ->
                    gda(o -> o.geometry(Geometry.ENTROPIC).leaderRate(1))
                        .solve(Games.cycle(), KlStrengths.both(1))),
        () ->
            refused(
                "leaderKl and followerKl must be finite for an iterative solver, but were Infinity and"
                    + " 1.0; StackelbergEquilibrium takes infinite ones",
                () ->
                    gda(o -> o).solve(Games.cycle(), new KlStrengths(Double.POSITIVE_INFINITY, 1))),
        () ->
            refused(
                "the start must have as many actions as the game, 3, but leader and follower had 3 and 2",
                () ->
                    gda(o -> o)
                        .solve(
                            Games.cycle(),
                            KlStrengths.both(1),
                            Distribution.uniform(3),
                            ConditionalPolicy.constant(Distribution.uniform(2)))),
        () ->
            refused(
                "leader and follower must have as many actions as the game, 3, but had 2 and 3",
                () ->
                    StackelbergEquilibrium.certify(
                        Games.cycle(),
                        KlStrengths.NONE,
                        Distribution.uniform(2),
                        Games.cycle().followerReference())),
        () ->
            refused(
                "leader and follower must have as many actions as the game, 3, but had 3 and 4",
                () ->
                    StackelbergEquilibrium.certify(
                        Games.cycle(),
                        KlStrengths.NONE,
                        Distribution.uniform(3),
                        ConditionalPolicy.constant(Distribution.uniform(4)))),
        () ->
            refused(
                "deviation must be finite and >= 0, but was Infinity",
                () -> Feedback.noisy(Double.POSITIVE_INFINITY, 1)),
        () ->
            refused(
                "leaderRate x leaderKl must be <= 1 for entropic steps, but was 1.0 x 2.0; lower the"
                    + " rate",
                () ->
                    gda(o -> o.geometry(Geometry.ENTROPIC).leaderRate(1))
                        .solve(Games.cycle(), new KlStrengths(2, 0.1))),
        () ->
            refused(
                "the start must have as many actions as the game, 3, but leader and follower had 2 and 3",
                () ->
                    gda(o -> o)
                        .solve(
                            Games.cycle(),
                            KlStrengths.both(1),
                            Distribution.uniform(2),
                            Games.cycle().followerReference())));
  }

  @Test
  void optionsCopy() {
    GdaOptions options =
        GdaOptions.builder()
            .leaderRate(0.5)
            .timescaleRatio(2)
            .iterations(3)
            .tolerance(4)
            .checkEvery(5)
            .rateDecay(6)
            .geometry(Geometry.ENTROPIC)
            .schedule(Schedule.ALTERNATING)
            .follower(FollowerUpdate.BEST_RESPONSE)
            .rowWeight(RowWeight.EQUAL)
            .feedback(Feedback.sampled(7, 8))
            .build();
    assertEquals(options, options.toBuilder().build());
    assertEquals(options, gda(o -> options.toBuilder()).options());
  }
}
