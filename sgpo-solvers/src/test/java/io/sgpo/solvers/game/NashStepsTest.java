package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.solvers.game.NashOptions.Method;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A few steps of mirror descent against the formulas of the steps, written out. */
class NashStepsTest {
  private static final int N = 4;
  private static final double RATE = 0.3;
  private static final double DECAY = 0.5;
  private static final double TAU = 0.8;

  private final PreferenceGame game = Games.randomReferences(31, N, false);
  private final Distribution start = Games.distribution(new SplittableRandom(32), N);

  @ParameterizedTest
  @EnumSource(Method.class)
  void everyMethodTakesItsSteps(Method method) {
    double[] now = start.toArray();
    double[] gain = wins(now);
    for (int t = 0; t < 4; t++) {
      double rate = RATE / (1 + DECAY * t);
      switch (method) {
        case MIRROR_DESCENT -> now = step(now, rate, wins(now));
        case NASH_MD -> {
          double[] mixture = step(now, rate, new double[N]); // μ ∝ π^{1−ητ} r^{ητ}
          gain = wins(mixture);
          double sum = 0;
          for (int y = 0; y < N; y++) {
            mixture[y] *= Math.exp(rate * gain[y]);
            sum += mixture[y];
          }
          for (int y = 0; y < N; y++) {
            mixture[y] /= sum;
          }
          now = mixture;
        }
        case OPTIMISTIC -> {
          gain = wins(step(now, rate, gain));
          now = step(now, rate, gain);
        }
        case EXTRAGRADIENT -> now = step(now, rate, wins(step(now, rate, wins(now))));
      }
    }
    NashOptions options =
        NashOptions.builder()
            .method(method)
            .rate(RATE)
            .rateDecay(DECAY)
            .iterations(4)
            .tolerance(0)
            .build();
    NashSolution end = new NashMirrorDescent(options).solve(game, TAU, start);
    assertEquals(4, end.iterations());
    assertArrayEquals(now, end.leader().toArray(), 1e-14);
  }

  /** p(y ≻ μ). */
  private double[] wins(double[] opponent) {
    double[] wins = new double[N];
    for (int y = 0; y < N; y++) {
      for (int other = 0; other < N; other++) {
        wins[y] += game.preference(y, other) * opponent[other];
      }
    }
    return wins;
  }

  /** π^{1−ητ} r^{ητ} exp(η g), normalised. */
  private double[] step(double[] from, double rate, double[] gain) {
    double[] to = new double[N];
    double sum = 0;
    for (int y = 0; y < N; y++) {
      double anchor = Math.pow(game.leaderReference().get(y), rate * TAU);
      to[y] = Math.pow(from[y], 1 - rate * TAU) * anchor * Math.exp(rate * gain[y]);
      sum += to[y];
    }
    for (int y = 0; y < N; y++) {
      to[y] /= sum;
    }
    return to;
  }

  /** The gap is that of the policy returned, also between two looks at it. */
  @Test
  void theLastIterateIsCertified() {
    for (int iterations : new int[] {1, 7, 10, 13}) {
      NashOptions options =
          NashOptions.builder().iterations(iterations).tolerance(0).checkEvery(5).build();
      NashSolution end = new NashMirrorDescent(options).solve(game, TAU, start);
      assertEquals(SolveStatus.ITERATION_LIMIT, end.status());
      assertEquals(iterations, end.iterations());
      assertEquals(Nash.dualityGap(game, TAU, end.leader()), end.certificate(), 1e-15);
      assertEquals((1 - end.certificate()) / 2, end.value());
    }
  }

  @Test
  void theGapIsLookedAtEverySoManyIterations() {
    for (int every : new int[] {1, 3, 20}) {
      NashOptions options = NashOptions.builder().checkEvery(every).build();
      NashSolution end = new NashMirrorDescent(options).solve(game, TAU);
      assertEquals(SolveStatus.CONVERGED, end.status());
      assertEquals(0, end.iterations() % every);
      NashOptions shorter = options.toBuilder().iterations(end.iterations() - every).build();
      NashSolution before = new NashMirrorDescent(shorter).solve(game, TAU);
      assertEquals(SolveStatus.ITERATION_LIMIT, before.status(), "one look earlier");
    }
  }

  @Test
  void aStartAtTheSolutionTakesNoStep() {
    PreferenceGame cycle = Games.cycle();
    NashSolution end = new NashMirrorDescent(NashOptions.builder().build()).solve(cycle, 0.5);
    assertEquals(SolveStatus.CONVERGED, end.status());
    assertEquals(0, end.iterations());
    assertEquals(0, end.gradientEvaluations());
    NashOptions exact = NashOptions.builder().tolerance(0).build();
    NashSolution winner =
        new NashMirrorDescent(exact).solve(Games.condorcetOverCycle(), 0, Distribution.pure(4, 3));
    assertEquals(SolveStatus.CONVERGED, winner.status(), "a gap of 0 meets the tolerance 0");
    assertEquals(0, winner.iterations());
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void aStepOutOfTheFiniteNumbersKeepsTheLastPolicy(Method method) {
    NashOptions options = NashOptions.builder().method(method).rate(Double.MAX_VALUE).build();
    PreferenceGame half = PreferenceGame.of(new double[][] {{0.5, 1}, {0, 0.5}});
    NashOptions noisy = options.toBuilder().feedback(Feedback.noisy(1e9, 3)).build();
    NashSolution end = new NashMirrorDescent(noisy).solve(half, 0);
    assertEquals(SolveStatus.NOT_FINITE, end.status());
    assertEquals(Distribution.uniform(2), end.leader());
    assertEquals(Nash.dualityGap(half, 0, end.leader()), end.certificate());
  }

  /**
   * A pure policy 0 on the cycle, r uniform: p(· ≻ π) = (½, 0, 1), KL = log 3, so the gap is 2 [ τ
   * log((e^{1/2τ} + 1 + e^{1/τ})/3) + τ log 3 ] − 1.
   */
  @Test
  void dualityGapByHand() {
    double tau = 0.5;
    double attack = tau * Math.log((Math.E + 1 + Math.exp(2)) / 3);
    double expected = 2 * (attack + tau * Math.log(3)) - 1;
    assertEquals(expected, Nash.dualityGap(Games.cycle(), tau, Distribution.pure(3, 0)), 1e-14);
    assertEquals(1, Nash.dualityGap(Games.cycle(), 0, Distribution.pure(3, 0)));
    assertEquals(0, Nash.dualityGap(Games.cycle(), tau, Distribution.uniform(3)), 1e-15);
  }
}
