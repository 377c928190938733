package io.sgpo.solvers.game;

import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Known games and random ones. */
final class Games {
  private Games() {}

  /** A beats B beats C beats A, surely. */
  static PreferenceGame cycle() {
    return PreferenceGame.of(new double[][] {{0.5, 1, 0}, {0, 0.5, 1}, {1, 0, 0.5}});
  }

  /**
   * Rock-paper-scissors with edges ½ + a, ½ + b, ½ + c for 0 over 1, 1 over 2, 2 over 0. Its Nash
   * policy is (b, c, a)/(a + b + c).
   */
  static PreferenceGame weightedCycle(double a, double b, double c) {
    return PreferenceGame.of(
        new double[][] {{0.5, 0.5 + a, 0.5 - c}, {0.5 - a, 0.5, 0.5 + b}, {0.5 + c, 0.5 - b, 0.5}});
  }

  /** Action 3 beats each action of a cycle, narrowly. */
  static PreferenceGame condorcetOverCycle() {
    return PreferenceGame.of(
        new double[][] {
          {0.5, 1, 0, 0.4}, {0, 0.5, 1, 0.4}, {1, 0, 0.5, 0.4}, {0.6, 0.6, 0.6, 0.5}
        });
  }

  /** Independent uniform preferences, or ones from {0, ½, 1}, with uniform references. */
  static PreferenceGame random(long seed, int n, boolean coarse) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] p = new double[n][n];
    for (int y = 0; y < n; y++) {
      p[y][y] = 0.5;
      for (int other = 0; other < y; other++) {
        p[y][other] = coarse ? random.nextInt(3) / 2.0 : random.nextDouble();
        p[other][y] = 1 - p[y][other];
      }
    }
    return PreferenceGame.of(p);
  }

  /** A random game with random references, every entry of which is at least about 0.02. */
  static PreferenceGame randomReferences(long seed, int n, boolean coarse) {
    SplittableRandom random = new SplittableRandom(~seed);
    return random(seed, n, coarse)
        .withLeaderReference(distribution(random, n))
        .withFollowerReference(policy(random, n));
  }

  static Distribution distribution(SplittableRandom random, int n) {
    double[] weights = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      weights[i] = 0.1 + random.nextDouble();
      sum += weights[i];
    }
    for (int i = 0; i < n; i++) {
      weights[i] /= sum;
    }
    return Distribution.of(weights);
  }

  static ConditionalPolicy policy(SplittableRandom random, int n) {
    Distribution[] rows = new Distribution[n];
    for (int y = 0; y < n; y++) {
      rows[y] = distribution(random, n);
    }
    return ConditionalPolicy.of(rows);
  }

  /** Games of 1 to 6 actions with random references, a third of them with entries 0, ½, 1 only. */
  static Arbitrary<PreferenceGame> arbitrary() {
    return Arbitraries.longs()
        .flatMap(
            seed ->
                Arbitraries.integers()
                    .between(1, 6)
                    .map(n -> randomReferences(seed, n, Math.floorMod(seed, 3L) == 0)));
  }
}
