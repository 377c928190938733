package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.loss.LineLoss;
import org.junit.jupiter.api.Test;

class LossNodesTest {
  /** −3z on the left of 1, −3 on its right; told are the kink at 1 and two outside the support. */
  private static final LineLoss KINKED =
      LineLoss.weaklyConvex(
          "kinked", z -> -3 * Math.min(z, 1), z -> z < 1 ? -3 : 0, 3, 0.5, -9, 1, 9);

  @Test
  void nodesAreEndsGapsAndBreakpointsInside() {
    LossNodes nodes = LossNodes.of(new double[] {2, 0, -0.0, 2, 2}, -1, 4, KINKED);
    assertArrayEquals(new double[] {-1, -0.0, 1, 2, 4}, nodes.at);
    assertArrayEquals(new double[] {3, 0, -3, -3, -3}, nodes.value);
    assertArrayEquals(new double[] {0, 2, 0, 3, 0}, nodes.mass);
    assertArrayEquals(new double[] {3, 3, 3, 3}, nodes.lipschitz);
    assertEquals(nodes.lipschitz.length, nodes.modulus.length);
    assertEquals(5, nodes.total);
    assertEquals(3, nodes.steepest());
    assertEquals(3, nodes.largest());
    assertEquals(-9.0 / 5, nodes.mean()); // two gaps at 0, three at −3
  }

  @Test
  void splitsKeepWhatIsKnown() {
    LossNodes nodes = LossNodes.of(new double[] {2, 2}, -1, 4, KINKED); // −1, 1, 2, 4
    LossNodes finer = nodes.split(new double[] {0.5, Double.NaN, 3});
    assertArrayEquals(new double[] {-1, 0.5, 1, 2, 3, 4}, finer.at);
    assertArrayEquals(new double[] {3, -1.5, -3, -3, -3, -3}, finer.value);
    assertArrayEquals(new double[] {0, 0, 0, 2, 0, 0}, finer.mass);
    assertArrayEquals(new double[] {3, 3, 3, 3, 3}, finer.lipschitz);
    assertEquals(5, finer.modulus.length);
    assertEquals(3, finer.indexOf(2));
    assertEquals(2, finer.total);
  }

  /** ℓ(0) = 4, ℓ(1) = 6 + d, L = 2: d up to 10⁻⁹ (1 + 4 + 6) counts as rounding. */
  @Test
  void aLipschitzConstantHoldsUpToRounding() {
    assertEquals(6 + 1e-8, rising(1e-8).value[1]);
    String message = Refusals.message(() -> rising(1.2e-8));
    assertEquals(
        "the loss rising must change by at most its Lipschitz constant 2.0 per unit,"
            + " but was 4.0 at 0.0 and 6.000000012 at 1.0",
        message);
  }

  private static LossNodes rising(double more) {
    LineLoss loss = LineLoss.lipschitz("rising", z -> z == 1 ? 6 + more : 4 + 2 * z, z -> 2, 2);
    return LossNodes.of(new double[] {0}, 0, 1, loss);
  }

  @Test
  void aModulusIsNotNegative() {
    for (double modulus : new double[] {-1, Double.NaN}) {
      assertEquals(
          "the modulus of weak convexity of the loss claimed must be >= 0, but was "
              + modulus
              + " on [0.0, 1.0]",
          Refusals.message(() -> LossNodes.of(new double[] {0}, 0, 1, claiming(1, modulus))));
    }
    for (double lipschitz : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "the Lipschitz constant of the loss claimed must be finite and >= 0, but was "
              + lipschitz
              + " on [0.0, 1.0]",
          Refusals.message(() -> LossNodes.of(new double[] {0}, 0, 1, claiming(lipschitz, 1))));
    }
  }

  private static LineLoss claiming(double lipschitz, double modulus) {
    return new LineLoss() {
      @Override
      public String name() {
        return "claimed";
      }

      @Override
      public double value(double z) {
        return z;
      }

      @Override
      public double slope(double z) {
        return 1;
      }

      @Override
      public double lipschitz(double left, double right) {
        return lipschitz;
      }

      @Override
      public double weakConvexity(double left, double right) {
        return modulus;
      }
    };
  }
}
