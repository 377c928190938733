package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PreferenceGameTest {

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void aMatrixIsCheckedEntryByEntry() {
    refused(
        "p must have at least one action, but had 0", () -> PreferenceGame.of(new double[0][0]));
    refused(
        "p must be square: row 1 must have 2 entries, but had 1",
        () -> PreferenceGame.of(new double[][] {{0.5, 0.5}, {0.5}}));
    refused(
        "p[1][0] must be in [0, 1], but was 1.5",
        () -> PreferenceGame.of(new double[][] {{0.5, -0.5}, {1.5, 0.5}}));
    refused(
        "p[1][0] must be in [0, 1], but was NaN",
        () -> PreferenceGame.of(new double[][] {{0.5, 1}, {Double.NaN, 0.5}}));
    refused(
        "p[0][1] must be in [0, 1], but was -5.0E-10",
        () -> PreferenceGame.of(new double[][] {{0.5, -5e-10}, {1, 0.5}}));
    refused(
        "p[1][0] + p[0][1] must be 1 within 1.0E-9, but was 0.25 + 0.5",
        () -> PreferenceGame.of(new double[][] {{0.5, 0.5}, {0.25, 0.5}}));
    refused(
        "p[0][0] must be 0.5, but was 0.25",
        () -> PreferenceGame.of(new double[][] {{0.25, 0.5}, {0.5, 0.5}}));
  }

  /** 0.7 and 0.300001: (0.7 + 1 − 0.300001)/2 and its complement; 0.500001 becomes ½. */
  @Test
  void roundedEntriesAreSplitEvenly() {
    double[][] p = {{0.500001, 0.300001, 0.6}, {0.7, 0.5, 1}, {0.4, 0, 0.5}};
    PreferenceGame game = PreferenceGame.ofRounded(p, 2.1e-6);
    double[][] expected = {{0.5, 0.3000005, 0.6}, {0.6999995, 0.5, 1}, {0.4, 0, 0.5}};
    for (int y = 0; y < 3; y++) {
      assertArrayEquals(expected[y], game.toArray()[y], 1e-15);
    }
    assertEquals(1, game.preference(1, 0) + game.preference(0, 1));
    assertEquals(0.7, p[1][0], "the matrix is left alone");
  }

  @Test
  void pairsWithinTheToleranceOfAGameStayAsTheyAre() {
    double above = 0.3 + 2e-10;
    PreferenceGame game = PreferenceGame.ofRounded(new double[][] {{0.5, above}, {0.7, 0.5}}, 1e-6);
    assertEquals(above, game.preference(0, 1));
    assertEquals(0.7, game.preference(1, 0));
    assertEquals(0.5, PreferenceGame.ofRounded(new double[][] {{0.5}}, 0).preference(0, 0));
  }

  @Test
  void roundedMatricesAreRefusedBeyondTheTolerance() {
    double[][] p = {{0.5, 0.5}, {0.75, 0.5}};
    assertEquals(0.375, PreferenceGame.ofRounded(p, 0.25).preference(0, 1)); // just within
    refused(
        "p[1][0] + p[0][1] must be 1 within 0.125, but was 0.75 + 0.5",
        () -> PreferenceGame.ofRounded(p, 0.125));
    refused("tolerance must be in [0, 1), but was 1.0", () -> PreferenceGame.ofRounded(p, 1));
    refused("tolerance must be in [0, 1), but was -0.1", () -> PreferenceGame.ofRounded(p, -0.1));
    refused(
        "tolerance must be in [0, 1), but was NaN", () -> PreferenceGame.ofRounded(p, Double.NaN));
    refused(
        "p must have at least one action, but had 0",
        () -> PreferenceGame.ofRounded(new double[0][0], 0.1));
  }

  @Test
  void theFollowersReferenceIsKnownToBeUniformUntilAnotherIsGiven() {
    PreferenceGame game = Games.cycle();
    assertTrue(game.hasUniformFollower());
    assertTrue(game.withLeaderReference(Distribution.pure(3, 1)).hasUniformFollower());
    ConditionalPolicy other = ConditionalPolicy.constant(Distribution.pure(3, 1));
    assertFalse(game.withFollowerReference(other).hasUniformFollower());
  }

  /** A row costs n reads; one that the policy never plays costs none. */
  @Test
  void aWinRateReadsOnlyTheRowsThatArePlayed() {
    int[] reads = new int[3];
    PreferenceGame game =
        PreferenceGame.of(
            new PreferenceMatrix() {
              @Override
              public int size() {
                return 3;
              }

              @Override
              public double get(int y, int other) {
                reads[y]++;
                return 0.5;
              }
            });
    Arrays.fill(reads, 0);
    assertEquals(0.5, game.winRate(Distribution.of(0.25, 0, 0.75), Distribution.uniform(3)), 1e-15);
    assertArrayEquals(new int[] {3, 0, 3}, reads);
  }

  @Test
  void everyPairOfALargeMatrixIsChecked() {
    int n = 130; // several tiles
    double[] entries = Games.random(1, n, false).toArray()[0];
    for (int wrong : new int[] {1, 64, 129}) {
      double[][] p = Games.random(1, n, false).toArray();
      p[wrong][wrong - 1] = 2;
      refused(
          "p[" + wrong + "][" + (wrong - 1) + "] must be in [0, 1], but was 2.0",
          () -> PreferenceGame.of(p));
    }
    assertEquals(n, entries.length);
  }

  /** Each pair is looked at once, whatever tiles the matrix falls into. */
  @Test
  void everyEntryIsReadOnceToBeChecked() {
    for (int n : new int[] {1, 63, 64, 65, 130}) {
      int[][] reads = new int[n][n];
      PreferenceGame.of(
          new PreferenceMatrix() {
            @Override
            public int size() {
              return n;
            }

            @Override
            public double get(int y, int other) {
              reads[y][other]++;
              return 0.5;
            }
          });
      for (int y = 0; y < n; y++) {
        for (int other = 0; other < n; other++) {
          assertEquals(y == other ? 2 : 1, reads[y][other], n + ": " + y + ", " + other);
        }
      }
    }
  }

  @Test
  void sizesAreChecked() {
    PreferenceMatrix none =
        new PreferenceMatrix() {
          @Override
          public int size() {
            return 0;
          }

          @Override
          public double get(int y, int other) {
            throw new AssertionError("there is no entry");
          }
        };
    refused("p must have at least one action, but had 0", () -> PreferenceGame.of(none));
    refused(
        "rowMajor must have size*size entries with size >= 1, but size was 0 and the entries 0",
        () -> PreferenceMatrix.ofRowMajor(0, new double[0]));
    refused(
        "p must have at most 46340 actions, but had 46341; give a PreferenceMatrix instead",
        () -> PreferenceGame.of(new double[46341][]));
    PreferenceGame cycle = Games.cycle();
    refused(
        "policy must have as many actions as the game, 3, but had 2",
        () -> cycle.winRate(Distribution.uniform(2), Distribution.uniform(3)));
    refused(
        "opponent must have as many actions as the game, 3, but had 4",
        () -> cycle.winRate(Distribution.uniform(3), Distribution.uniform(4)));
    assertEquals(1, PreferenceGame.of(new double[][] {{0.5}}).size());
  }

  @Test
  void theCallersArrayIsCopiedButAViewIsNot() {
    double[][] p = {{0.5, 1}, {0, 0.5}};
    PreferenceGame copied = PreferenceGame.of(p);
    p[0][1] = 0.5;
    assertEquals(1, copied.preference(0, 1));
    double[] entries = {0.5, 1, 0, 0.5};
    PreferenceGame viewed = PreferenceGame.of(PreferenceMatrix.ofRowMajor(2, entries));
    entries[1] = 0.75;
    assertEquals(0.75, viewed.preference(0, 1));
    refused(
        "rowMajor must have size*size entries with size >= 1, but size was 2 and the entries 3",
        () -> PreferenceMatrix.ofRowMajor(2, new double[3]));
  }

  @Test
  void aMatrixOfTheCallersOwnIsReadThroughItsEntries() {
    PreferenceMatrix half =
        new PreferenceMatrix() {
          @Override
          public int size() {
            return 3;
          }

          @Override
          public double get(int y, int other) {
            return y == other ? 0.5 : y < other ? 0.75 : 0.25;
          }
        };
    assertArrayEquals(new double[] {0.25, 0.5, 0.75}, PreferenceGame.of(half).toArray()[1]);
  }

  @Test
  void referencesAreCheckedAndNormalised() {
    refused(
        "probabilities[1] must be finite and >= 0, but was -0.5", () -> Distribution.of(1.5, -0.5));
    refused(
        "probabilities must sum to 1 within 1.0E-9, but summed to 0.5",
        () -> Distribution.of(0.25, 0.25));
    refused(
        "leaderReference must have as many actions as the game, 3, but had 2",
        () -> Games.cycle().withLeaderReference(Distribution.uniform(2)));
    refused(
        "followerReference must have as many actions as the game, 3, but had 2",
        () ->
            Games.cycle()
                .withFollowerReference(ConditionalPolicy.constant(Distribution.uniform(2))));
    refused(
        "rows[1] must sum to 1 within 1.0E-9, but summed to 2.0",
        () -> ConditionalPolicy.of(new double[][] {{0.5, 0.5}, {1, 1}}));
    refused(
        "rows[0] must have 1 entries, but had 2",
        () -> ConditionalPolicy.of(new double[][] {{0.5, 0.5}}));
    assertEquals(
        1, Distribution.of(0.3, 0.7 + 5e-10).get(0) + Distribution.of(0.3, 0.7).get(1), 1e-9);
  }

  @Test
  void fullSupportIsAskedForOnlyWhereItMatters() {
    PreferenceGame game =
        Games.cycle()
            .withLeaderReference(Distribution.of(0.5, 0.5, 0))
            .withFollowerReference(ConditionalPolicy.constant(Distribution.of(0, 0.5, 0.5)));
    refused(
        "leaderReference[2] must be > 0 where leaderKl > 0, but was 0.0 at leaderKl 0.5; leave the"
            + " action out of the game, or give it some mass",
        () -> StackelbergEquilibrium.solve(game, new KlStrengths(0.5, 0)));
    refused(
        "followerReference[0][0] must be > 0 where followerKl > 0, but was 0.0 at followerKl 0.5;"
            + " leave the action out of the game, or give it some mass",
        () -> StackelbergEquilibrium.solve(game, new KlStrengths(0, 0.5)));
    assertEquals(0, StackelbergEquilibrium.solve(game, KlStrengths.NONE).value());
    refused(
        "followerReference[0][0] must be > 0 where followerKl > 0, but was 0.0 at followerKl 0.5;"
            + " leave the action out of the game, or give it some mass",
        () -> StackelbergEquilibrium.bestResponse(game, 0.5));
    refused(
        "followerReference[0][0] must be > 0 where followerKl > 0, but was 0.0 at followerKl 0.5;"
            + " leave the action out of the game, or give it some mass",
        () -> StackelbergEquilibrium.actionValues(game, 0.5));
    refused(
        "leaderReference[2] must be > 0 where leaderKl > 0, but was 0.0 at leaderKl 0.5; leave the"
            + " action out of the game, or give it some mass",
        () -> Nash.dualityGap(game, 0.5, Distribution.uniform(3)));
    refused(
        "leaderReference[2] must be > 0 where leaderKl > 0, but was 0.0 at leaderKl 0.5; leave the"
            + " action out of the game, or give it some mass",
        () -> new NashMirrorDescent(NashOptions.builder().build()).solve(game, 0.5));
    refused(
        "leaderReference[2] must be > 0 where leaderKl > 0, but was 0.0 at leaderKl 0.5; leave the"
            + " action out of the game, or give it some mass",
        () -> new Rlhf().solve(game, 0.5, Feedback.full()));
  }

  @Test
  void strengthsAreNotNegative() {
    refused("leaderKl must be >= 0, but was -0.1", () -> new KlStrengths(-0.1, 1));
    refused("followerKl must be >= 0, but was NaN", () -> new KlStrengths(0, Double.NaN));
    KlStrengths endless = new KlStrengths(0, Double.POSITIVE_INFINITY);
    refused(
        "leaderKl and followerKl must be finite for an iterative solver, but were 0.0 and Infinity;"
            + " StackelbergEquilibrium takes infinite ones",
        endless::requireFinite);
  }

  @Test
  void winRatesAndWinners() {
    PreferenceGame game = Games.condorcetOverCycle();
    assertEquals(List.of(3), game.weakCondorcetWinners());
    assertEquals(List.of(), Games.cycle().weakCondorcetWinners());
    assertEquals(
        0.6, game.winRate(Distribution.pure(4, 3), Distribution.of(0.2, 0.5, 0.3, 0)), 1e-15);
    assertEquals(0.5, game.winRate(Distribution.uniform(4), Distribution.uniform(4)), 1e-15);
  }

  @Test
  void aDistributionIsAValue() {
    Distribution coin = Distribution.of(0.25, 0.75);
    assertEquals(coin, Distribution.of(0.25, 0.75));
    assertEquals(coin.hashCode(), Distribution.of(0.25, 0.75).hashCode());
    assertNotEquals(coin, Distribution.uniform(2));
    assertEquals("[0.25, 0.75]", coin.toString());
    assertEquals(1, coin.mode());
    coin.toArray()[0] = 7;
    assertEquals(0.25, coin.get(0));
    // 0.25 ln(0.25/0.5) + 0.75 ln(0.75/0.5)
    assertEquals(0.13081203594113697, coin.klFrom(Distribution.uniform(2)), 1e-15);
    assertEquals(Double.POSITIVE_INFINITY, coin.klFrom(Distribution.pure(2, 1)));
    refused("action must be in [0, 2), but was 2", () -> Distribution.pure(2, 2));
    refused("size must be >= 1, but was 0", () -> Distribution.uniform(0));
  }

  @Test
  void drawsFollowTheDistribution() {
    Distribution skewed = Distribution.of(0.7, 0, 0.3);
    SplittableRandom random = new SplittableRandom(4);
    int[] counts = new int[3];
    for (int i = 0; i < 20_000; i++) {
      counts[skewed.sample(random)]++;
    }
    assertEquals(0, counts[1]);
    assertEquals(0.7, counts[0] / 20_000.0, 0.015); // 4.6 standard errors
  }
}
