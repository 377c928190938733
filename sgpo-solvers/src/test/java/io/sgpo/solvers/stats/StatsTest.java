package io.sgpo.solvers.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.Refusals;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class StatsTest {

  @Test
  void tiesCountHalf() {
    double[] preferences = {1, 0.9, 0.5, 0.5, 0.5, 0.2};
    WinRate rate = WinRate.of(preferences, new SplittableRandom(1));
    assertEquals(3.5 / 6, rate.rate(), 1e-15);
    assertEquals(2, rate.wins());
    assertEquals(3, rate.ties());
    assertEquals(1, rate.losses());
    assertEquals(6, rate.comparisons());
    assertEquals(6, rate.clusters());
    assertTrue(rate.lower() < rate.rate() && rate.rate() < rate.upper());
  }

  @Test
  void sameSeedSameInterval() {
    double[] preferences = draws(80, 0.6, 3);
    assertEquals(
        WinRate.of(preferences, new SplittableRandom(4)),
        WinRate.of(preferences, new SplittableRandom(4)));
    assertNotEquals(
        WinRate.of(preferences, indices(80), 50, 0.95, new SplittableRandom(4)),
        WinRate.of(preferences, indices(80), 50, 0.95, new SplittableRandom(5)));
  }

  /** The interval's half width is close to 1.96 √(p(1 − p)/n). */
  @Test
  void widthIsTheBinomialOne() {
    double[] preferences = draws(1000, 0.7, 5);
    WinRate rate = WinRate.of(preferences, new SplittableRandom(6));
    double half = 1.96 * Math.sqrt(rate.rate() * (1 - rate.rate()) / 1000);
    assertEquals(2 * half, rate.upper() - rate.lower(), 0.1 * 2 * half);
  }

  /** Each comparison repeated four times says nothing new: clustering keeps the width. */
  @Test
  void repetitionsOfAPromptDoNotNarrowTheInterval() {
    double[] preferences = draws(200, 0.7, 7);
    double[] repeated = new double[800];
    int[] prompts = new int[800];
    Arrays.setAll(repeated, i -> preferences[i / 4]);
    Arrays.setAll(prompts, i -> 1000 - i / 4);
    WinRate once = WinRate.of(preferences, new SplittableRandom(8));
    WinRate clustered = WinRate.of(repeated, prompts, new SplittableRandom(8));
    assertEquals(once.lower(), clustered.lower(), 1e-12);
    assertEquals(once.upper(), clustered.upper(), 1e-12);
    assertEquals(200, clustered.clusters());
    WinRate naive = WinRate.of(repeated, new SplittableRandom(8));
    assertTrue(naive.upper() - naive.lower() < 0.7 * (once.upper() - once.lower()));
  }

  /**
   * Two prompts, one won and one lost, give rates 0, ½, 1 by the draws below; at confidence ½ the
   * ends lie at a quarter and three quarters of them, midway between two.
   */
  @Test
  void endsLieBetweenTheResamples() {
    int[] draws = {1, 1, 0, 0, 1, 0};
    int[] next = {0};
    RandomGenerator scripted =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            throw new AssertionError("only bounded integers are drawn");
          }

          @Override
          public int nextInt(int bound) {
            assertEquals(2, bound);
            return draws[next[0]++];
          }
        };
    WinRate rate = WinRate.of(new double[] {1, 0}, indices(2), 3, 0.5, scripted);
    assertEquals(draws.length, next[0], "as many draws as prompts, for each resample");
    assertEquals(0.25, rate.lower());
    assertEquals(0.75, rate.upper());
  }

  @Test
  void oneResampleIsAPoint() {
    WinRate rate = WinRate.of(draws(30, 0.5, 9), indices(30), 1, 0.95, new SplittableRandom(10));
    assertEquals(rate.lower(), rate.upper());
  }

  /** Of 200 repeated studies about 95 % must cover the true rate. */
  @Test
  void intervalsCover() {
    int covered = 0;
    for (int study = 0; study < 200; study++) {
      double[] preferences = draws(150, 0.6, 100 + study);
      WinRate rate = WinRate.of(preferences, indices(150), 400, 0.95, new SplittableRandom(study));
      covered += rate.lower() <= 0.6 && 0.6 <= rate.upper() ? 1 : 0;
    }
    assertTrue(covered >= 180 && covered <= 199, "covered " + covered + " of 200");
  }

  /** Differences 1, 2, 3: mean 2, standard error 1/√3, t(0.975; 2) = 4.302653. */
  @Test
  void pairedDifferenceByHand() {
    MeanDifference difference =
        MeanDifference.paired(new double[] {2, 4, 6}, new double[] {1, 2, 3}, 0.95);
    assertEquals(2, difference.mean(), 1e-15);
    assertEquals(1 / Math.sqrt(3), difference.standardError(), 1e-15);
    assertEquals(2, difference.degreesOfFreedom());
    assertEquals(2 - 4.302653 / Math.sqrt(3), difference.lower(), 1e-6);
    assertEquals(2 + 4.302653 / Math.sqrt(3), difference.upper(), 1e-6);
    assertFalse(difference.significant());
  }

  /**
   * Samples 1..4 (variance 5/3) and 10, 12 (variance 2): u = 5/12, v = 1, ν = (17/12)² / ((5/12)²/3
   * + 1) = 289/144 · 432/457.
   */
  @Test
  void independentDifferenceByHand() {
    MeanDifference difference =
        MeanDifference.independent(new double[] {1, 2, 3, 4}, new double[] {10, 12}, 0.9);
    assertEquals(-8.5, difference.mean(), 1e-15);
    assertEquals(Math.sqrt(17.0 / 12), difference.standardError(), 1e-15);
    assertEquals(289.0 / 144 * 432 / 457, difference.degreesOfFreedom(), 1e-12);
    assertTrue(difference.significant());
    assertEquals(
        difference.upper() - difference.mean(), difference.mean() - difference.lower(), 1e-12);
  }

  /** Variances 8 and 12 over 2 and 3 figures: u = v = 4, ν = 64 / (16/1 + 16/2). */
  @Test
  void degreesOfFreedomByHand() {
    MeanDifference difference =
        MeanDifference.independent(new double[] {0, 4}, new double[] {0, 0, 6}, 0.9);
    assertEquals(8.0 / 3, difference.degreesOfFreedom(), 1e-15);
    assertEquals(Math.sqrt(8), difference.standardError(), 1e-15);
    assertEquals(0, difference.mean(), 1e-15);
  }

  @Test
  void equalFiguresHaveAPointInterval() {
    MeanDifference difference =
        MeanDifference.independent(new double[] {2, 2}, new double[] {1, 1, 1}, 0.95);
    assertEquals(1, difference.lower());
    assertEquals(1, difference.upper());
    assertEquals(3, difference.degreesOfFreedom());
    assertTrue(difference.significant());
    double[] ones = {1, 1};
    assertFalse(MeanDifference.independent(ones, ones, 0.95).significant(), "0 lies in [0, 0]");
  }

  @Test
  void aPointIntervalBelowZeroIsSignificantToo() {
    double[] ones = {1, 1};
    double[] twos = {2, 2};
    assertTrue(MeanDifference.paired(ones, twos, 0.95).significant());
    assertTrue(MeanDifference.paired(twos, ones, 0.95).significant());
  }

  /** Figures a, a + 4: variance 8, standard error √(8/2) of a mean, however large a is. */
  @Test
  void aLargeCommonOffsetDoesNotBlurTheVariance() {
    double offset = 1e16;
    double[] spread = {offset, offset + 4};
    double[] constant = {offset, offset};
    assertEquals(2, MeanDifference.independent(spread, constant, 0.95).standardError(), 1e-15);
  }

  @Test
  void effectiveSampleSize() {
    assertEquals(4, EffectiveSampleSize.kish(new double[] {2, 2, 2, 2}), 1e-15);
    assertEquals(1, EffectiveSampleSize.kish(new double[] {0, 7, 0}), 1e-15);
    assertEquals(16.0 / 10, EffectiveSampleSize.kish(new double[] {3, 1}), 1e-15);
    assertEquals(0, EffectiveSampleSize.kish(new double[] {0, 0}));
    assertEquals(2, EffectiveSampleSize.kish(new double[] {1e200, 1e200}), 1e-15);
  }

  @Test
  void messagesNameTheValue() {
    SplittableRandom random = new SplittableRandom(1);
    assertEquals(
        "preferences must be in [0, 1], but preference 1 was 1.5",
        Refusals.message(() -> WinRate.of(new double[] {0, 1.5}, random)));
    assertEquals(
        "preferences must not be empty", Refusals.message(() -> WinRate.of(new double[0], random)));
    assertEquals(
        "prompts must name one prompt per comparison, but there were 2 for 1",
        Refusals.message(() -> WinRate.of(new double[] {1}, new int[2], random)));
    assertEquals(
        "resamples must be >= 1, but was 0",
        Refusals.message(() -> WinRate.of(new double[] {1}, new int[1], 0, 0.9, random)));
    assertEquals(
        "confidence must be in (0, 1), but was 1.0",
        Refusals.message(() -> WinRate.of(new double[] {1}, new int[1], 9, 1, random)));
    assertEquals(
        "confidence must be in (0, 1), but was 0.0",
        Refusals.message(() -> WinRate.of(new double[] {1}, new int[1], 9, 0, random)));
    assertEquals(
        "confidence must be in (0, 1), but was 1.0",
        Refusals.message(() -> MeanDifference.paired(new double[2], new double[2], 1)));
    assertEquals(
        "first must have at least 2 figures, but had 1",
        Refusals.message(() -> MeanDifference.independent(new double[1], new double[2], 0.9)));
    assertEquals(
        "second must have at least 2 figures, but had 0",
        Refusals.message(() -> MeanDifference.independent(new double[2], new double[0], 0.9)));
    assertEquals(
        "first must have at least 2 figures, but had 1",
        Refusals.message(() -> MeanDifference.paired(new double[1], new double[1], 0.9)));
    assertEquals(
        "second must be finite, but figure 1 was NaN",
        Refusals.message(
            () -> MeanDifference.paired(new double[2], new double[] {0, Double.NaN}, 0.9)));
    assertEquals(
        "first and second must have one figure per seed, but had 2 and 3",
        Refusals.message(() -> MeanDifference.paired(new double[2], new double[3], 0.9)));
    assertEquals(
        "weights must be finite and >= 0, but weight 0 was -1.0",
        Refusals.message(() -> EffectiveSampleSize.kish(new double[] {-1})));
    assertEquals(
        "weights must be finite and >= 0, but weight 1 was Infinity",
        Refusals.message(
            () -> EffectiveSampleSize.kish(new double[] {1, Double.POSITIVE_INFINITY})));
    assertEquals(
        "weights must not be empty",
        Refusals.message(() -> EffectiveSampleSize.kish(new double[0])));
  }

  private static double[] draws(int size, double probability, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] draws = new double[size];
    Arrays.setAll(draws, i -> random.nextDouble() < probability ? 1 : 0);
    return draws;
  }

  private static int[] indices(int size) {
    int[] indices = new int[size];
    Arrays.setAll(indices, i -> i);
    return indices;
  }
}
