package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.Refusals;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReweightingTest {

  /** Losses 0 and 1, q = (0.2, 0.8): KL = log 2 + 0.2 log 0.2 + 0.8 log 0.8; η = 1 / log 4. */
  @Test
  void klByHand() {
    double radius = Math.log(2) + 0.2 * Math.log(0.2) + 0.8 * Math.log(0.8);
    Reweighted worst = Reweighting.kl(new double[] {0, 1}, radius);
    assertEquals(Status.SOLVED, worst.status());
    assertEquals(0.8, worst.value(), 1e-14);
    assertArrayEquals(new double[] {0.4, 1.6}, worst.weights(), 1e-14);
    assertEquals(1 / Math.log(4), worst.multiplier(), 1e-13);
    assertTrue(worst.certificate() < 1e-14);
  }

  /** As by hand, beside a loss so low that its weight underflows: w = 3 (0, 0.2, 0.8). */
  @Test
  void klOfAWeightThatUnderflows() {
    double radius = Math.log(3) + 0.2 * Math.log(0.2) + 0.8 * Math.log(0.8);
    Reweighted worst = Reweighting.kl(new double[] {-1e6, 0, 1}, radius);
    assertArrayEquals(new double[] {0, 0.6, 2.4}, worst.weights(), 1e-13);
    assertEquals(0.8, worst.value(), 1e-13);
    assertEquals(1 / Math.log(4), worst.multiplier(), 1e-12);
  }

  /** Losses in other units by a power of two: the same weights, all else scales exactly. */
  @Test
  void theUnitOfTheLossesDoesNotMatter() {
    double unit = 0x1p100;
    double[] losses = {-2, 1, 2, 0.5};
    double[] scaled = Arrays.stream(losses).map(loss -> unit * loss).toArray();
    double certificates = 0;
    for (double radius = 0.05; radius < 1; radius += 0.05) {
      Reweighted worst = Reweighting.kl(losses, radius);
      Reweighted large = Reweighting.kl(scaled, radius);
      assertArrayEquals(worst.weights(), large.weights());
      assertEquals(unit * worst.value(), large.value());
      assertEquals(unit * worst.multiplier(), large.multiplier());
      assertEquals(unit * worst.certificate(), large.certificate());
      certificates += worst.certificate();
    }
    assertTrue(certificates > 0, "some certificate is above 0");
  }

  /** Losses 0 and 1, w = 1 ± d: χ² = d², so ρ = ¼ gives w = (½, 1½) and V = ¾. */
  @Test
  void chiSquaredByHand() {
    Reweighted worst = Reweighting.chiSquared(new double[] {0, 1}, 0.25);
    assertEquals(0.75, worst.value(), 1e-15);
    assertArrayEquals(new double[] {0.5, 1.5}, worst.weights(), 1e-15);
    assertEquals(-0.5, worst.multiplier(), 1e-15);
  }

  /**
   * Losses 0, 1, 2, where the least meets weight 0: w = 3(0, 1 − η, 2 − η)/(3 − 2η). At η = ½, w =
   * (0, ¾, 9/4) and χ² = (1 + 1/16 + 25/16)/3 = 7/8.
   */
  @Test
  void chiSquaredClipsAtZero() {
    Reweighted worst = Reweighting.chiSquared(new double[] {0, 1, 2}, 7.0 / 8);
    assertArrayEquals(new double[] {0, 0.75, 2.25}, worst.weights(), 1e-14);
    assertEquals((0.75 + 4.5) / 3, worst.value(), 1e-14);
    assertEquals(0.5, worst.multiplier(), 1e-14);
    assertTrue(worst.certificate() < 1e-14);
  }

  /** Of 4, 3, 2, 1: half is their upper mean; 3/8 is (4 + ½ · 3) / 1½; ¼ is the largest. */
  @Test
  void cvarByHand() {
    double[] losses = {3, 1, 4, 2};
    assertEquals(3.5, Reweighting.cvar(losses, 0.5).value(), 1e-15);
    Reweighted worst = Reweighting.cvar(losses, 0.375);
    assertEquals(5.5 / 1.5, worst.value(), 1e-15);
    assertArrayEquals(new double[] {4 / 3.0, 0, 8 / 3.0, 0}, worst.weights(), 1e-15);
    assertEquals(3, worst.multiplier());
    assertEquals(4, Reweighting.cvar(losses, 0.25).value());
    assertEquals(Status.SATURATED, Reweighting.cvar(losses, 0.1).status());
    assertEquals(4, Reweighting.cvar(losses, 0.1).value(), 1e-14);
    assertEquals(2.5, Reweighting.cvar(losses, 1).value());
  }

  @Test
  void cvarSharesTiesAlike() {
    double[] weights = Reweighting.cvar(new double[] {1, 2, 2, 0}, 0.25).weights();
    assertArrayEquals(new double[] {0, 2, 2, 0}, weights, 1e-15);
  }

  /** No distribution of the ball is worse, up to the certificate; and the ball is kept to. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.01, 0.3, 1})
  void noDistributionInTheBallIsWorse(double radius) {
    SplittableRandom random = new SplittableRandom(4);
    double[] losses = random.doubles(7, 0, 3).toArray();
    Reweighted kl = Reweighting.kl(losses, radius);
    Reweighted chi = Reweighting.chiSquared(losses, radius);
    Reweighted cvar = Reweighting.cvar(losses, 1 / (1 + radius));
    for (Reweighted worst : new Reweighted[] {kl, chi, cvar}) {
      assertEquals(1, Arrays.stream(worst.weights()).average().orElseThrow(), 1e-12);
      assertTrue(worst.certificate() < 1e-9, () -> worst + ": " + worst.certificate());
    }
    assertTrue(divergence(kl.weights()) <= radius * (1 + 1e-9));
    assertTrue(chiSquare(chi.weights()) <= radius * (1 + 1e-9));
    double most = Arrays.stream(cvar.weights()).max().orElseThrow();
    assertTrue(most <= (1 + radius) * (1 + 1e-12));
    int inside = 0;
    for (int trial = 0; trial < 2000; trial++) {
      double[] other = random.doubles(7, 0.001, 1).toArray();
      double mean = Arrays.stream(other).average().orElseThrow();
      double pull = random.nextDouble() * Math.min(1, Math.sqrt(radius));
      double[] weights = Arrays.stream(other).map(x -> 1 + pull * (x / mean - 1)).toArray();
      double value = 0;
      for (int i = 0; i < losses.length; i++) {
        value += weights[i] * losses[i] / losses.length;
      }
      if (divergence(weights) <= radius) {
        inside++;
        assertTrue(value <= kl.value() + 1e-9, "a KL neighbour is worse");
      }
      if (chiSquare(weights) <= radius) {
        assertTrue(value <= chi.value() + 1e-9, "a chi-squared neighbour is worse");
      }
    }
    assertTrue(inside > 100, "neighbours inside the ball: " + inside);
  }

  /** w_i ∝ exp(ℓ_i/η), and the whole radius is spent: the two together are the optimum. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 0.05, 0.8})
  void klWeightsAreExponentialAndSpendTheRadius(double radius) {
    double[] losses = {0.3, 2.5, -1, 1.75, 2.25};
    Reweighted worst = Reweighting.kl(losses, radius);
    double[] weights = worst.weights();
    assertEquals(radius, divergence(weights), 1e-12);
    for (int i = 1; i < losses.length; i++) {
      double expected = Math.exp((losses[i] - losses[0]) / worst.multiplier());
      assertEquals(expected, weights[i] / weights[0], 1e-9 * expected);
    }
  }

  /** With no weight at 0, V = mean + √(ρ variance); with some, w_i ∝ (ℓ_i − η)₊. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 0.05, 0.8, 1.6})
  void chiSquaredWeightsAreLinearAndSpendTheRadius(double radius) {
    double[] losses = {0.3, 2.5, -1, 1.75, 2.25};
    Reweighted worst = Reweighting.chiSquared(losses, radius);
    double[] weights = worst.weights();
    assertEquals(radius, chiSquare(weights), 1e-12);
    double total = 0;
    for (double loss : losses) {
      total += Math.max(0, loss - worst.multiplier());
    }
    for (int i = 0; i < losses.length; i++) {
      double excess = Math.max(0, losses[i] - worst.multiplier());
      assertEquals(losses.length * excess / total, weights[i], 1e-9);
    }
    assertEquals(0, worst.certificate(), 1e-12);
  }

  /** The worst share in full, its last loss in part, the multiplier where it ends. */
  @Test
  void cvarTakesTheLastLossInPart() {
    double[] losses = {5, 1, 3, 4, 2};
    Reweighted worst = Reweighting.cvar(losses, 0.5); // 5, 4 and half of 3
    assertArrayEquals(new double[] {2, 0, 1, 2, 0}, worst.weights(), 1e-15);
    assertEquals((5 + 4 + 1.5) / 2.5, worst.value(), 1e-15);
    assertEquals(3, worst.multiplier());
    assertEquals(Status.SOLVED, worst.status());
    assertEquals(0, worst.certificate(), 1e-15);
    assertEquals("Reweighted[SOLVED, value=4.2, multiplier=3.0, size=5]", worst.toString());
  }

  @Test
  void multipliersAtTheEndsOfTheRadius() {
    double[] losses = {3, 1, 3};
    assertEquals(Double.POSITIVE_INFINITY, Reweighting.kl(losses, 0).multiplier());
    assertEquals(Double.NEGATIVE_INFINITY, Reweighting.chiSquared(losses, 0).multiplier());
    assertEquals(1, Reweighting.cvar(losses, 1).multiplier());
    assertEquals(0, Reweighting.kl(losses, 9).multiplier());
    assertEquals(3, Reweighting.chiSquared(losses, 9).multiplier());
    assertEquals(3, Reweighting.cvar(losses, 0.1).multiplier());
  }

  @Test
  void withoutRadiusNothingIsReweighted() {
    double[] losses = {3, 1, 2};
    for (Reweighted worst :
        new Reweighted[] {
          Reweighting.kl(losses, 0), Reweighting.chiSquared(losses, 0), Reweighting.cvar(losses, 1)
        }) {
      assertEquals(Status.NOMINAL, worst.status());
      assertEquals(2, worst.value());
      assertArrayEquals(new double[] {1, 1, 1}, worst.weights());
    }
  }

  @Test
  void saturatesOnTheLargestLosses() {
    double[] losses = {3, 1, 3};
    for (Reweighted worst :
        new Reweighted[] {
          Reweighting.kl(losses, Math.log(1.5)), Reweighting.chiSquared(losses, 0.5)
        }) {
      assertEquals(Status.SATURATED, worst.status());
      assertEquals(3, worst.value());
      assertArrayEquals(new double[] {1.5, 0, 1.5}, worst.weights());
    }
  }

  @Test
  void refusesBadInput() {
    double[] one = {1};
    assertEquals(
        "radius must be >= 0, but was -0.1", Refusals.message(() -> Reweighting.kl(one, -0.1)));
    assertEquals(
        "radius must be >= 0, but was NaN",
        Refusals.message(() -> Reweighting.chiSquared(one, Double.NaN)));
    assertEquals(
        "level must be in (0, 1], but was 0.0", Refusals.message(() -> Reweighting.cvar(one, 0)));
    assertEquals(
        "level must be in (0, 1], but was 1.5", Refusals.message(() -> Reweighting.cvar(one, 1.5)));
    assertEquals(
        "losses must be finite, but loss 0 was Infinity",
        Refusals.message(() -> Reweighting.kl(new double[] {Double.POSITIVE_INFINITY}, 1)));
    assertEquals(
        "losses must not be empty", Refusals.message(() -> Reweighting.kl(new double[0], 1)));
    assertEquals(
        "losses must be finite, but loss 1 was NaN",
        Refusals.message(() -> Reweighting.cvar(new double[] {1, Double.NaN}, 1)));
  }

  private static double divergence(double[] weights) {
    return Arrays.stream(weights).map(w -> w == 0 ? 0 : w * Math.log(w)).average().orElseThrow();
  }

  private static double chiSquare(double[] weights) {
    return Arrays.stream(weights).map(w -> (w - 1) * (w - 1)).average().orElseThrow();
  }
}
