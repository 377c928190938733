package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.solvers.follower.DualSearch.Bracket;
import io.sgpo.solvers.follower.DualSearch.Priced;
import org.junit.jupiter.api.Test;

class SoftKernelTest {
  private static final GapLoss LOSS = GapLoss.logistic();
  private static final Ambiguity SUPPORT = Ambiguity.wasserstein(1).support(-1, 2);

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /**
   * One point at a = −1, gap 1, T = ½, λ = ¼: moving gains ℓ(−1) − ℓ(1) − 2λ = ½, so the share p =
   * σ(½/T) = σ(1) moves. The steepness is σ(1) at −1 and σ(−1) at 1.
   */
  @Test
  void onePointByHand() {
    SoftKernel.Spread spread = new SoftKernel(SUPPORT, 0.5, 1).at(1, 0.25);
    double p = sigmoid(1);
    double q = 1 - p;
    assertEquals(LOSS.value(1) + 0.5 * Math.log(1 + Math.E), spread.potential(), 1e-15);
    assertEquals(p, spread.moved(), 1e-15);
    assertEquals(q * q + p * 0.25, spread.envelope(), 1e-15);
    assertEquals(q * q + p * p, spread.kept(), 1e-15);
  }

  /**
   * Points at −1 and 0 of weight ½ each, T = 1, λ = 0: relative to staying they have the masses ½
   * e^(ℓ(−1) − ℓ(1)) = e/2 and ½ e^(ℓ(0) − ℓ(1)) = 1/(1 + 1/e).
   */
  @Test
  void twoPointsByHand() {
    SoftKernel.Spread spread = new SoftKernel(SUPPORT, 1, 2).at(1, 0);
    double far = 0.5 * Math.E;
    double near = 1 / (1 + Math.exp(-1)); // e^ℓ(ξ) = 1 + e^−ξ
    double mass = 1 + far + near;
    assertEquals(Math.log(1 + Math.exp(-1)) + Math.log(mass), spread.potential(), 1e-15);
    assertEquals((far + near / 2) / mass, spread.moved(), 1e-15);
    // λ = 0: the far point does not move with the gap, the near one by half
    assertEquals((sigmoid(-1) + near * 0.5 / 2) / mass, spread.envelope(), 1e-15);
    assertEquals((sigmoid(-1) + far * sigmoid(1) + near * 0.5) / mass, spread.kept(), 1e-15);
  }

  /** Two gaps, −1 at the lower end and 1: the means of potentials and of displacements. */
  @Test
  void overAllGapsByHand() {
    Priced priced = new SoftKernel(SUPPORT, 0.5, 1).over(new double[] {-1, 1}, 0.25);
    double spent = 2 * sigmoid(1) / 2;
    double potential =
        (LOSS.value(-1) + 0.5 * Math.log(2) + LOSS.value(1) + 0.5 * Math.log(1 + Math.E)) / 2;
    assertEquals(0.25, priced.price());
    assertEquals(spent, priced.spent(), 1e-15);
    assertEquals(potential + 0.25 * spent, priced.gain(), 1e-15);
  }

  /** The leader mixes the envelopes at the bracket's two prices; below a it is plain DPO. */
  @Test
  void theLeadersCoefficientByHand() {
    SoftKernel kernel = new SoftKernel(SUPPORT, 0.5, 1);
    Bracket bracket = new Bracket(new Priced(0.25, 0, 0), new Priced(0.5, 0, 0), 0.75, 0, 0);
    double p = sigmoid(1); // moves at λ = ¼; at λ = ½ moving gains nothing: a half moves
    double q = 1 - p;
    double expected = 0.75 * (q * q + p * 0.25) + 0.25 * (q / 2 + 0.5 / 2);
    assertEquals(expected, kernel.coefficient(1, bracket), 1e-15);
    assertEquals(sigmoid(2), kernel.coefficient(-2, bracket), 1e-15);
    // at a itself: half of the mass at the steepness there, half at the price
    double atLower = 0.75 * (p + 0.25) / 2 + 0.25 * (p + 0.5) / 2;
    assertEquals(atLower, kernel.coefficient(-1, bracket), 1e-15);
  }
}
