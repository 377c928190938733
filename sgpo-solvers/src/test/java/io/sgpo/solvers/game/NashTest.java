package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.game.NashOptions.Method;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ojalgo.optimisation.Optimisation;

class NashTest {

  private static NashMirrorDescent descent(Method method) {
    return new NashMirrorDescent(NashOptions.builder().method(method).build());
  }

  @Test
  void rockPaperScissorsIsPlayedUniformly() {
    NashSolution nash = Nash.solve(Games.cycle());
    assertEquals(SolveStatus.EXACT, nash.status());
    assertArrayEquals(Distribution.uniform(3).toArray(), nash.leader().toArray(), 1e-12);
    assertEquals(0.5, nash.value(), 1e-12);
    assertEquals(nash.leader(), nash.follower().row(2));
  }

  /** Edges a, b, c around the cycle: the Nash policy is (b, c, a)/(a + b + c). */
  @Test
  void weightedRockPaperScissorsByHand() {
    NashSolution nash = Nash.solve(Games.weightedCycle(0.1, 0.2, 0.5));
    assertArrayEquals(
        new double[] {0.2 / 0.8, 0.5 / 0.8, 0.1 / 0.8}, nash.leader().toArray(), 1e-12);
  }

  @Test
  void aCondorcetWinnerIsTheNashPolicy() {
    assertEquals(1, Nash.solve(Games.condorcetOverCycle()).leader().get(3), 1e-12);
  }

  @Test
  void linearProgramsOfRandomGamesAreCertified() {
    for (int seed = 0; seed < 40; seed++) {
      NashSolution nash = Nash.solve(Games.random(seed, 1 + seed, seed % 2 == 0));
      assertEquals(SolveStatus.EXACT, nash.status());
      assertTrue(nash.certificate() < 1e-10, nash::toString);
      assertTrue(nash.value() <= 0.5 && nash.value() > 0.5 - 1e-10);
    }
  }

  @Test
  void everyStateOfTheLinearSolverIsMapped() {
    assertEquals(SolveStatus.EXACT, Nash.status(Optimisation.State.OPTIMAL));
    assertEquals(SolveStatus.EXACT, Nash.status(Optimisation.State.DISTINCT));
    assertEquals(SolveStatus.UNBOUNDED, Nash.status(Optimisation.State.UNBOUNDED));
    for (Optimisation.State failed :
        new Optimisation.State[] {
          Optimisation.State.FAILED,
          Optimisation.State.INFEASIBLE,
          Optimisation.State.FEASIBLE,
          Optimisation.State.APPROXIMATE,
          Optimisation.State.INVALID,
          Optimisation.State.UNEXPLORED
        }) {
      assertEquals(SolveStatus.FAILED, Nash.status(failed), failed::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void everyMethodFindsTheRegularisedNashPolicy(Method method) {
    for (double tau : new double[] {0.1, 0.5, 2}) {
      for (int seed = 0; seed < 8; seed++) {
        PreferenceGame game = Games.randomReferences(seed, 2 + seed % 5, seed % 2 == 0);
        NashOptions.Builder options = NashOptions.builder().method(method);
        boolean published = method == Method.NASH_MD; // η_t = 2/(τ (t + 2))
        options = published ? options.rate(1 / tau).rateDecay(0.5) : options.rate(0.05);
        double tolerance = published ? 1e-8 : 1e-12;
        NashSolution nash =
            new NashMirrorDescent(options.tolerance(tolerance).build()).solve(game, tau);
        assertEquals(SolveStatus.CONVERGED, nash.status(), () -> method + " " + nash);
        fixedPoint(game, tau, nash.leader(), 2 * Math.sqrt(tolerance / tau));
        assertTrue(nash.value() <= 0.5 && nash.value() >= 0.5 - tolerance);
      }
    }
  }

  /** π(y) ∝ r(y) exp(p(y ≻ π)/τ). */
  private static void fixedPoint(
      PreferenceGame game, double tau, Distribution policy, double slack) {
    double[] expected = new double[game.size()];
    double sum = 0;
    for (int y = 0; y < expected.length; y++) {
      double win = game.winRate(Distribution.pure(expected.length, y), policy);
      expected[y] = game.leaderReference().get(y) * Math.exp(win / tau);
      sum += expected[y];
    }
    for (int y = 0; y < expected.length; y++) {
      assertEquals(expected[y] / sum, policy.get(y), slack);
    }
  }

  @Test
  void smallPenaltiesTendToTheNashPolicy() {
    PreferenceGame game = Games.weightedCycle(0.1, 0.2, 0.4);
    NashSolution near = descent(Method.EXTRAGRADIENT).solve(game, 1e-3);
    assertEquals(SolveStatus.CONVERGED, near.status());
    assertTrue(Nash.dualityGap(game, 0, near.leader()) < 2e-3 * Math.log(3) + 1e-8);
  }

  /** Without penalty the last iterate of self-play cycles; optimism and extragradient converge. */
  @Test
  void withoutPenaltySelfPlayCyclesAndTheOthersDoNot() {
    PreferenceGame game = Games.weightedCycle(0.3, 0.3, 0.4);
    assertEquals(SolveStatus.CONVERGED, descent(Method.OPTIMISTIC).solve(game, 0).status());
    assertEquals(SolveStatus.CONVERGED, descent(Method.EXTRAGRADIENT).solve(game, 0).status());
    NashSolution cycling =
        new NashMirrorDescent(
                NashOptions.builder().method(Method.MIRROR_DESCENT).iterations(5_000).build())
            .solve(game, 0);
    assertEquals(SolveStatus.ITERATION_LIMIT, cycling.status());
    assertTrue(cycling.certificate() > 0.1);
  }

  @Test
  void votesAndNoiseLeadNearTheNashPolicy() {
    PreferenceGame game = Games.weightedCycle(0.1, 0.3, 0.5);
    for (Feedback feedback : new Feedback[] {Feedback.sampled(16, 5), Feedback.noisy(0.3, 5)}) {
      for (Method method : Method.values()) {
        NashOptions options =
            NashOptions.builder()
                .method(method)
                .rateDecay(0.02)
                .iterations(10_000)
                .feedback(feedback)
                .build();
        NashSolution nash = new NashMirrorDescent(options).solve(game, 0.3);
        assertTrue(nash.certificate() < 2e-3, () -> options + " ended at " + nash);
      }
    }
  }

  @Test
  void gradientsAndQueriesAreCounted() {
    PreferenceGame game = Games.random(1, 5, false);
    NashOptions ten = NashOptions.builder().iterations(10).tolerance(0).build();
    Map<Method, Long> gradients =
        Map.of(
            Method.MIRROR_DESCENT, 10L,
            Method.NASH_MD, 10L,
            Method.OPTIMISTIC, 11L, // one to start from
            Method.EXTRAGRADIENT, 20L);
    for (Method method : Method.values()) {
      NashSolution nash =
          new NashMirrorDescent(ten.toBuilder().method(method).build()).solve(game, 0.5);
      assertEquals(gradients.get(method), nash.gradientEvaluations(), method::toString);
      assertEquals(10 * nash.gradientEvaluations(), nash.preferenceQueries());
    }
    NashSolution votes =
        new NashMirrorDescent(ten.toBuilder().feedback(Feedback.sampled(3, 1)).build())
            .solve(game, 0.5);
    assertEquals(60, votes.preferenceQueries());
  }

  @Test
  void badArgumentsAreNamed() {
    PreferenceGame game = Games.cycle();
    assertEquals(
        "kl must be finite and >= 0, but was -1.0",
        assertThrows(IllegalArgumentException.class, () -> descent(Method.NASH_MD).solve(game, -1))
            .getMessage());
    assertEquals(
        "rate x kl must be <= 1 for entropic steps, but was 0.2 x 6.0; lower the rate",
        assertThrows(IllegalArgumentException.class, () -> descent(Method.NASH_MD).solve(game, 6))
            .getMessage());
    assertEquals(
        "start must have as many actions as the game, 3, but had 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> descent(Method.NASH_MD).solve(game, 1, Distribution.uniform(2)))
            .getMessage());
    assertEquals(
        "policy must have as many actions as the game, 3, but had 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> Nash.dualityGap(game, 1, Distribution.uniform(2)))
            .getMessage());
    assertEquals(
        "rate must be finite and > 0, but was 0.0",
        assertThrows(IllegalArgumentException.class, () -> NashOptions.builder().rate(0).build())
            .getMessage());
    assertEquals(
        "rate must be finite and > 0, but was Infinity",
        Refusals.message(() -> NashOptions.builder().rate(Double.POSITIVE_INFINITY).build()));
    assertEquals(
        "iterations must be >= 1, but was 0",
        Refusals.message(() -> NashOptions.builder().iterations(0).build()));
    assertEquals(
        "tolerance must be finite and >= 0, but was Infinity",
        Refusals.message(() -> NashOptions.builder().tolerance(Double.POSITIVE_INFINITY).build()));
    assertEquals(
        "checkEvery must be >= 1, but was 0",
        Refusals.message(() -> NashOptions.builder().checkEvery(0).build()));
    assertEquals(
        "rateDecay must be finite and >= 0, but was -0.5",
        Refusals.message(() -> NashOptions.builder().rateDecay(-0.5).build()));
    assertEquals(
        "kl must be finite and >= 0, but was NaN",
        Refusals.message(() -> Nash.dualityGap(game, Double.NaN, Distribution.uniform(3))));
  }

  @Test
  void optionsCopy() {
    NashOptions options =
        NashOptions.builder()
            .method(Method.NASH_MD)
            .rate(1)
            .iterations(2)
            .tolerance(3)
            .checkEvery(4)
            .rateDecay(5)
            .feedback(Feedback.sampled(6, 7))
            .build();
    assertEquals(options, options.toBuilder().build());
    assertEquals(options, new NashMirrorDescent(options).options());
  }
}
