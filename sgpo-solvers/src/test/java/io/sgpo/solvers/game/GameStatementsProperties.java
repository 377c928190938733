package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.game.GdaOptions.FollowerUpdate;
import io.sgpo.solvers.game.GdaOptions.RowWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** The statements on preference games (arXiv 2512.16626) on random games. */
class GameStatementsProperties {
  private static final double SMALLEST_REFERENCE = 0.01; // of Games.arbitrary()

  @Provide
  Arbitrary<PreferenceGame> games() {
    return Games.arbitrary();
  }

  private static GdaOptions.Builder mirror() {
    return GdaOptions.builder().geometry(Geometry.ENTROPIC).rowWeight(RowWeight.EQUAL);
  }

  /**
   * Uniqueness: from pure, random and reference starts, leader and follower end at the closed form.
   * Pinsker: |π − π*|₁ ≤ √(2 KL).
   */
  @Property(tries = 40)
  void everyStartOfARandomGameEndsAtTheEquilibrium(
      @ForAll("games") PreferenceGame game,
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0.1, max = 1) double tau) {
    int n = game.size();
    KlStrengths kl = KlStrengths.both(tau);
    StackelbergSolution exact = StackelbergEquilibrium.solve(game, kl);
    StackelbergGda solver = new StackelbergGda(mirror().tolerance(1e-12).build());
    SplittableRandom random = new SplittableRandom(seed);
    List<Distribution> starts = new ArrayList<>(List.of(Games.distribution(random, n)));
    for (int y = 0; y < n; y++) {
      starts.add(Distribution.pure(n, y));
    }
    double slack = Math.sqrt(2e-12 / tau) + 1e-12;
    for (Distribution start : starts) {
      StackelbergSolution end = solver.solve(game, kl, start, Games.policy(random, n));
      assertEquals(SolveStatus.CONVERGED, end.status());
      for (int y = 0; y < n; y++) {
        assertEquals(exact.leader().get(y), end.leader().get(y), slack);
        double rowSlack = slack / Math.sqrt(end.leader().get(y)); // rows count by π(y)
        for (int answer = 0; answer < n; answer++) {
          assertEquals(
              exact.follower().row(y).get(answer), end.follower().row(y).get(answer), rowSlack);
        }
      }
    }
  }

  /**
   * τ → 0: what the leader's policy guarantees without penalties tends to the deterministic
   * maximin, E_π min_y' p(y ≻ y') ≥ max_y min_y' p(y ≻ y') − 2 τ log(1/r_min).
   */
  @Property(tries = 200)
  void asPenaltiesVanishTheLeaderPlaysTheMaximin(
      @ForAll("games") PreferenceGame game, @ForAll @DoubleRange(min = -8, max = -2) double power) {
    double tau = Math.pow(10, power);
    Distribution leader = StackelbergEquilibrium.solve(game, KlStrengths.both(tau)).leader();
    double[] worst = StackelbergEquilibrium.actionValues(game, 0);
    double guaranteed = 0;
    double best = 0;
    for (int y = 0; y < worst.length; y++) {
      guaranteed += leader.get(y) * worst[y];
      best = Math.max(best, worst[y]);
    }
    double slack = 2 * tau * Math.log(1 / SMALLEST_REFERENCE) + 1e-14;
    assertTrue(guaranteed <= best + 1e-14);
    assertTrue(guaranteed >= best - slack, () -> "tau " + tau);
  }

  /** Each penalty on its own: the limits are those that are taken exactly. */
  @Property(tries = 100)
  void eachPenaltyHasItsLimits(
      @ForAll("games") PreferenceGame game, @ForAll @DoubleRange(min = 0.05, max = 2) double tau) {
    double endless = Double.POSITIVE_INFINITY;
    assertEquals(value(game, 0, tau), value(game, 1e-9, tau), 1e-7);
    assertEquals(value(game, tau, 0), value(game, tau, 1e-9), 1e-7);
    assertEquals(value(game, endless, tau), value(game, 1e9, tau), 1e-7);
    assertEquals(value(game, tau, endless), value(game, tau, 1e9), 1e-7);
    StackelbergSolution idle = StackelbergEquilibrium.solve(game, new KlStrengths(tau, endless));
    assertEquals(game.followerReference().row(0), idle.follower().row(0));
    assertEquals(
        game.leaderReference(),
        StackelbergEquilibrium.solve(game, new KlStrengths(endless, tau)).leader());
  }

  /** Penalties pull both ways: the value falls in τ_L and rises in τ_F. */
  @Property(tries = 100)
  void theValueFallsWithTheLeadersPenaltyAndRisesWithTheFollowers(
      @ForAll("games") PreferenceGame game, @ForAll @DoubleRange(min = 0.01, max = 2) double tau) {
    assertTrue(value(game, 2 * tau, tau) <= value(game, tau, tau) + 1e-13);
    assertTrue(value(game, tau, 2 * tau) >= value(game, tau, tau) - 1e-13);
  }

  private static double value(PreferenceGame game, double leaderKl, double followerKl) {
    return StackelbergEquilibrium.solve(game, new KlStrengths(leaderKl, followerKl)).value();
  }

  /** The published steps with the rate that the solver finds suited, on random games. */
  @Example
  void publishedStepsReachTheirCertificateFromATenth() {
    for (int seed = 0; seed < 12; seed++) {
      for (double tau : new double[] {1, 0.3, 0.1}) {
        PreferenceGame game = Games.random(seed, 3 + seed % 2, false);
        StackelbergSolution end =
            new StackelbergGda(GdaOptions.builder().build()).solve(game, KlStrengths.both(tau));
        assertEquals(SolveStatus.CONVERGED, end.status());
        assertTrue(end.certificate() <= 1e-8);
        double equilibrium = value(game, tau, tau);
        assertTrue(end.value() <= equilibrium + 1e-14 && end.value() >= equilibrium - 1e-8);
      }
    }
  }

  /** Every solver: what it guarantees, how it ended, how far it is from its target, its cost. */
  @Property(tries = 25)
  void everySolverAnswersInFull(
      @ForAll("games") PreferenceGame game, @ForAll @DoubleRange(min = 0.2, max = 1) double tau) {
    KlStrengths kl = KlStrengths.both(tau);
    List<GameSolution> solutions = new ArrayList<>();
    solutions.add(StackelbergEquilibrium.solve(game, kl));
    solutions.add(new StackelbergGda(mirror().build()).solve(game, kl));
    solutions.add(
        new StackelbergGda(mirror().follower(FollowerUpdate.BEST_RESPONSE).build())
            .solve(game, kl));
    solutions.add(
        new StackelbergGda(mirror().schedule(GdaOptions.Schedule.EXTRAGRADIENT).build())
            .solve(game, kl));
    solutions.add(Nash.solve(game));
    for (NashOptions.Method method : NashOptions.Method.values()) {
      NashOptions.Builder options = NashOptions.builder().method(method);
      boolean published = method == NashOptions.Method.NASH_MD;
      options = published ? options.rate(1 / tau).rateDecay(0.5).tolerance(1e-6) : options;
      solutions.add(new NashMirrorDescent(options.build()).solve(game, tau));
    }
    solutions.add(new Rlhf().solve(game, tau, Feedback.full()));
    long pairs = (long) game.size() * (game.size() - 1) / 2;
    for (GameSolution solution : solutions) {
      assertEquals(solution, solution.orElseThrow());
      assertTrue(Double.isFinite(solution.value()), solution::toString);
      assertTrue(solution.certificate() >= 0 && solution.certificate() <= 1e-6);
      assertTrue(solution.status() == SolveStatus.EXACT || solution.iterations() >= 0);
      assertEquals(game.size(), solution.leader().size());
      assertEquals(game.size(), solution.follower().size());
      if (solution instanceof StackelbergSolution) {
        assertEquals(
            solution.gradientEvaluations() * pairs, solution.preferenceQueries()); // full feedback
      }
    }
  }

  /** The mean of many drawn estimates, against p − ½ and p: five standard errors. */
  @Example
  void votesAndNoiseAreUnbiased() {
    PreferenceGame game = Games.randomReferences(3, 3, false);
    SplittableRandom random = new SplittableRandom(5);
    Mixture leader = Mixture.of(Games.distribution(random, 3));
    Mixture[] rows = Mixture.rowsOf(Games.policy(random, 3));
    int draws = 4000;
    for (Feedback feedback : List.of(Feedback.sampled(10, 7), Feedback.noisy(0.5, 7))) {
      PreferenceOracle oracle = PreferenceOracle.of(game, feedback);
      double[][] sum = new double[3][3];
      double[][] squares = new double[3][3];
      for (int draw = 0; draw < draws; draw++) {
        double[][] estimate = oracle.estimate(leader.probabilities, rows);
        for (int y = 0; y < 3; y++) {
          for (int other = 0; other < 3; other++) {
            sum[y][other] += estimate[y][other];
            squares[y][other] += estimate[y][other] * estimate[y][other];
          }
        }
      }
      double baseline = feedback instanceof Feedback.Sampled ? 0.5 : 0;
      for (int y = 0; y < 3; y++) {
        for (int other = 0; other < 3; other++) {
          double mean = sum[y][other] / draws;
          double error = Math.sqrt((squares[y][other] / draws - mean * mean) / draws);
          assertEquals(game.preference(y, other) - baseline, mean, 5 * error + 1e-12);
        }
      }
      assertEquals(draws, oracle.evaluations());
      assertEquals(
          feedback instanceof Feedback.Sampled ? 10L * draws : 3L * draws, oracle.queries());
    }
  }

  /** Votes that RLHF asks for: drawn pairs of different actions, or each pair once. */
  @Example
  void queriesOfRlhfAreCounted() {
    PreferenceGame game = Games.random(4, 5, false);
    RlhfSolution sampled = new Rlhf().solve(game, 1, Feedback.sampled(200, 3));
    PairwiseVotes votes = PairwiseVotes.sampled(game, game.leaderReference(), 200, 3);
    assertEquals(Math.round(votes.total()), sampled.preferenceQueries());
    assertTrue(sampled.preferenceQueries() < 200 && sampled.preferenceQueries() > 120);
    assertEquals(10, new Rlhf().solve(game, 1, Feedback.full()).preferenceQueries());
    assertEquals(10, new Rlhf().solve(game, 1, Feedback.noisy(0.1, 3)).preferenceQueries());
    NashOptions noisy =
        NashOptions.builder().iterations(6).tolerance(0).feedback(Feedback.noisy(0.1, 3)).build();
    assertEquals(
        120, new NashMirrorDescent(noisy).solve(game, 1).preferenceQueries()); // two a step
    StackelbergGda steps =
        new StackelbergGda(
            mirror().iterations(6).tolerance(0).feedback(Feedback.noisy(0.1, 3)).build());
    assertEquals(60, steps.solve(game, KlStrengths.both(1)).preferenceQueries());
  }
}
