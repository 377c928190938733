package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.game.GdaOptions.FollowerUpdate;
import io.sgpo.solvers.game.GdaOptions.RowWeight;
import io.sgpo.solvers.game.GdaOptions.Schedule;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A few steps of StackelbergGDA against the formulas of the steps, written out. */
class StackelbergStepsTest {
  private static final int N = 4;
  private static final double RATE = 0.03;
  private static final double RATIO = 2.5;
  private static final double DECAY = 0.5;
  private static final KlStrengths KL = new KlStrengths(0.4, 0.7);

  private final PreferenceGame game = Games.randomReferences(21, N, false);
  private final Distribution leader = Games.distribution(new SplittableRandom(22), N);
  private final ConditionalPolicy follower = Games.policy(new SplittableRandom(23), N);

  /** Where both players stand. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Point(double[] leader, double[][] rows) {}

  private static GdaOptions.Builder steps(int iterations) {
    return GdaOptions.builder()
        .leaderRate(RATE)
        .timescaleRatio(RATIO)
        .rateDecay(DECAY)
        .iterations(iterations)
        .tolerance(0);
  }

  private void follows(GdaOptions options, int iterations) {
    Point expected = new Point(leader.toArray(), follower.toArray());
    for (int t = 0; t < iterations; t++) {
      expected = iterate(expected, RATE / (1 + DECAY * t), options);
    }
    StackelbergSolution end = new StackelbergGda(options).solve(game, KL, leader, follower);
    assertEquals(iterations, end.iterations());
    assertArrayEquals(expected.leader, end.leader().toArray(), 1e-13, options::toString);
    for (int y = 0; y < N; y++) {
      assertArrayEquals(expected.rows[y], end.follower().row(y).toArray(), 1e-13);
    }
  }

  @ParameterizedTest
  @EnumSource(Schedule.class)
  void everyScheduleTakesItsSteps(Schedule schedule) {
    for (Geometry geometry : Geometry.values()) {
      for (RowWeight weight : RowWeight.values()) {
        follows(steps(3).schedule(schedule).geometry(geometry).rowWeight(weight).build(), 3);
      }
    }
  }

  private Point iterate(Point now, double rate, GdaOptions options) {
    return switch (options.schedule()) {
      case SIMULTANEOUS ->
          new Point(leaderStep(now, now, rate, options), rows(now, now, rate, options));
      case ALTERNATING -> {
        double[] moved = leaderStep(now, now, rate, options);
        yield new Point(moved, rows(now, new Point(moved, now.rows), rate, options));
      }
      case EXTRAGRADIENT -> {
        Point ahead = new Point(leaderStep(now, now, rate, options), rows(now, now, rate, options));
        yield new Point(leaderStep(now, ahead, rate, options), rows(now, ahead, rate, options));
      }
    };
  }

  /** Ascent on Σ π(y) [ Σ ω p + τ_F KL(ω(·|y) ‖ r_F(·|y)) ] − τ_L KL(π ‖ r). */
  private double[] leaderStep(Point base, Point at, double rate, GdaOptions options) {
    double[] gain = new double[N];
    for (int y = 0; y < N; y++) {
      for (int other = 0; other < N; other++) {
        double answer = at.rows[y][other];
        double log = Math.log(answer / game.followerReference().row(y).get(other));
        gain[y] += answer * (game.preference(y, other) + KL.followerKl() * log);
      }
    }
    double[] reference = game.leaderReference().toArray();
    return step(base.leader, at.leader, gain, rate, KL.leaderKl(), reference, options);
  }

  /** Descent of row y, weighted by π(y) or alike, at κ times the rate. */
  private double[][] rows(Point base, Point at, double rate, GdaOptions options) {
    double[][] moved = new double[N][];
    for (int y = 0; y < N; y++) {
      double weight = options.rowWeight() == RowWeight.EQUAL ? 1 : at.leader[y];
      double[] gain = new double[N];
      for (int other = 0; other < N; other++) {
        gain[other] = -weight * game.preference(y, other);
      }
      double[] reference = game.followerReference().row(y).toArray();
      double tau = weight * KL.followerKl();
      moved[y] = step(base.rows[y], at.rows[y], gain, RATIO * rate, tau, reference, options);
    }
    return moved;
  }

  /** Π(x + η (g − τ log x/r)) or x^{1−ητ} r^{ητ} exp(η g), normalised. */
  private static double[] step(
      double[] base,
      double[] at,
      double[] gain,
      double rate,
      double tau,
      double[] reference,
      GdaOptions options) {
    double[] x = new double[N];
    double sum = 0;
    for (int i = 0; i < N; i++) {
      x[i] =
          options.geometry() == Geometry.EUCLIDEAN
              ? base[i] + rate * (gain[i] - tau * Math.log(at[i] / reference[i]))
              : Math.pow(base[i], 1 - rate * tau)
                  * Math.pow(reference[i], rate * tau)
                  * Math.exp(rate * gain[i]);
      sum += x[i];
    }
    if (options.geometry() == Geometry.EUCLIDEAN) {
      return Simplex.project(x);
    }
    for (int i = 0; i < N; i++) {
      x[i] /= sum;
    }
    return x;
  }

  /** Against a best response the follower starts and stays at ω*, wherever it was put. */
  @ParameterizedTest
  @EnumSource(Schedule.class)
  void aBestResponseStaysWhatItIs(Schedule schedule) {
    GdaOptions options = steps(3).schedule(schedule).follower(FollowerUpdate.BEST_RESPONSE).build();
    StackelbergSolution end = new StackelbergGda(options).solve(game, KL, leader, follower);
    ConditionalPolicy best = StackelbergEquilibrium.bestResponse(game, KL.followerKl());
    for (int y = 0; y < N; y++) {
      assertEquals(best.row(y), end.follower().row(y));
    }
    assertEquals(0, end.bounds().followerRegret(), 1e-15);
  }

  /** The certificate is small enough at the last iterate, which no regular look falls on. */
  @Test
  void theLastIterateMayConverge() {
    GdaOptions options = GdaOptions.builder().geometry(Geometry.ENTROPIC).build();
    int enough = new StackelbergGda(options).solve(game, KL, leader, follower).iterations();
    options = options.toBuilder().iterations(enough).checkEvery(enough + 1).build();
    StackelbergSolution end = new StackelbergGda(options).solve(game, KL, leader, follower);
    assertEquals(SolveStatus.CONVERGED, end.status());
    assertEquals(enough, end.iterations());
  }

  /** The certificate is that of the pair returned, also between two looks at it. */
  @Test
  void theLastIterateIsCertified() {
    for (int iterations : new int[] {1, 7, 10, 13}) {
      GdaOptions options = steps(iterations).checkEvery(5).build();
      StackelbergSolution end = new StackelbergGda(options).solve(game, KL, leader, follower);
      assertEquals(SolveStatus.ITERATION_LIMIT, end.status());
      assertEquals(iterations, end.iterations());
      StackelbergCertificate bounds =
          StackelbergEquilibrium.certify(game, KL, end.leader(), end.follower());
      assertEquals(bounds.leaderRegret(), end.bounds().leaderRegret(), 1e-14);
      assertEquals(bounds.followerRegret(), end.bounds().followerRegret(), 1e-14);
      assertEquals(bounds.gap(), end.bounds().gap(), 1e-14);
      assertEquals(StackelbergSolution.Ties.NONE, end.ties());
    }
  }

  @Test
  void theCertificateIsLookedAtEverySoManyIterations() {
    for (int every : new int[] {1, 3, 50}) {
      GdaOptions options =
          GdaOptions.builder().geometry(Geometry.ENTROPIC).checkEvery(every).build();
      StackelbergSolution end = new StackelbergGda(options).solve(game, KL);
      assertEquals(SolveStatus.CONVERGED, end.status());
      assertEquals(0, end.iterations() % every);
      StackelbergSolution before =
          new StackelbergGda(options.toBuilder().iterations(end.iterations() - every).build())
              .solve(game, KL);
      assertEquals(SolveStatus.ITERATION_LIMIT, before.status(), "one look earlier");
    }
  }

  @Test
  void aStartAtTheEquilibriumTakesNoStep() {
    StackelbergSolution best = StackelbergEquilibrium.solve(game, KL);
    StackelbergSolution end =
        new StackelbergGda(GdaOptions.builder().build())
            .solve(game, KL, best.leader(), best.follower());
    assertEquals(SolveStatus.CONVERGED, end.status());
    assertEquals(0, end.iterations());
    assertEquals(0, end.gradientEvaluations());
    StackelbergSolution pure = StackelbergEquilibrium.solve(game, KlStrengths.NONE);
    StackelbergSolution stay =
        new StackelbergGda(GdaOptions.builder().tolerance(0).build())
            .solve(game, KlStrengths.NONE, pure.leader(), pure.follower());
    assertEquals(SolveStatus.CONVERGED, stay.status(), "a certificate of 0 meets tolerance 0");
    assertEquals(0, stay.iterations());
  }

  /** Whichever player leaves the finite numbers, the last finite pair is returned. */
  @ParameterizedTest
  @EnumSource(Schedule.class)
  void aStepOutOfTheFiniteNumbersKeepsTheLastPair(Schedule schedule) {
    GdaOptions leaderFirst =
        GdaOptions.builder().schedule(schedule).leaderRate(1e308).timescaleRatio(10).build();
    GdaOptions followerFirst =
        GdaOptions.builder()
            .schedule(schedule)
            .leaderRate(1e-3)
            .timescaleRatio(Double.MAX_VALUE)
            .rowWeight(RowWeight.EQUAL)
            .build();
    KlStrengths strong = new KlStrengths(2, 1e6);
    for (GdaOptions options : new GdaOptions[] {leaderFirst, followerFirst}) {
      StackelbergSolution end = new StackelbergGda(options).solve(game, strong, leader, follower);
      assertEquals(SolveStatus.NOT_FINITE, end.status());
      assertEquals(0, end.iterations());
      assertEquals(leader, end.leader());
      assertEquals(follower.row(1), end.follower().row(1));
      assertTrue(Double.isFinite(end.certificate()));
    }
  }
}
