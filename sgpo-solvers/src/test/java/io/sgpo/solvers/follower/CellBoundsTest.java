package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.loss.LineLoss;
import org.junit.jupiter.api.Test;

class CellBoundsTest {
  private static final double NO = Double.NaN;

  /** ℓ = z/2 at 0 and 2, of which L = 2 and ρ are known; one gap on an end, λ = 1. */
  private static CellBounds fromLeft(double modulus, double slack) {
    LineLoss loss = LineLoss.weaklyConvex("rising", z -> z / 2, z -> 0.5, 2, modulus);
    LossNodes nodes = LossNodes.of(new double[] {0}, 0, 2, loss);
    return new CellBounds(nodes, 1, new int[] {0, 1}, slack);
  }

  private static CellBounds fromRight(double modulus, double slack) {
    LineLoss loss = LineLoss.weaklyConvex("falling", z -> 1 - z / 2, z -> -0.5, 2, modulus);
    LossNodes nodes = LossNodes.of(new double[] {2}, 0, 2, loss);
    return new CellBounds(nodes, 1, new int[] {0, 1}, slack);
  }

  /**
   * The gap 0 meets max (½ − 1) t + (ρ/2) t (2 − t) = ρ t²/2 at t = 1 − 1/(2ρ): at ρ = 1 that is ⅛
   * at ½, at ρ = 2 it is 9/16 at ¾. The tooth gives 2 · 5/4 − 5/4 = 5/4, which is more.
   */
  @Test
  void curvatureBoundsACell() {
    assertEquals(0.25 + 0.125, fromLeft(1, 0).dual(0.25));
    assertArrayEquals(new double[] {0.5}, fromLeft(1, 0).splits(1));
    assertEquals(0.25 + 0.5625, fromLeft(2, 0).dual(0.25));
    assertArrayEquals(new double[] {0.75}, fromLeft(2, 0).splits(1));
    assertEquals(0.25 + 0.125, fromRight(1, 0).dual(0.25));
    assertArrayEquals(new double[] {1.5}, fromRight(1, 0).splits(1));
  }

  /** At ρ = 3.5 the curve gives ρ t²/2 = 9/7 at t = 6/7, the tooth 5/4 at 5/4. */
  @Test
  void theSawToothBoundsACellOfMoreCurvature() {
    for (double modulus : new double[] {3.5, Double.POSITIVE_INFINITY}) {
      assertEquals(0.25 + 1.25, fromLeft(modulus, 0).dual(0.25));
      assertArrayEquals(new double[] {1.25}, fromLeft(modulus, 0).splits(1));
      assertEquals(0.25 + 1.25, fromRight(modulus, 0).dual(0.25));
      assertArrayEquals(new double[] {0.75}, fromRight(modulus, 0).splits(1));
    }
  }

  @Test
  void aConvexLossIsLargestOnANode() {
    CellBounds bounds = fromLeft(0, 0);
    assertEquals(0.25, bounds.dual(0.25));
    assertFalse(bounds.active());
  }

  /** The promise ⅛ exceeds what the node gives, 0, by no more than the slack ⅛. */
  @Test
  void aCellWithinTheSlackIsNotSplit() {
    assertFalse(fromLeft(1, 0.125).active());
    assertArrayEquals(new double[] {NO}, fromLeft(1, 0.125).splits(1));
    assertEquals(0.25 + 0.125, fromLeft(1, 0.125).dual(0.25)); // the bound itself stays
    assertTrue(fromLeft(1, Math.nextDown(0.125)).active());
    assertFalse(fromRight(1, 0.125).active());
    assertTrue(fromRight(1, Math.nextDown(0.125)).active());
  }

  /** A constant is its own bound, though nothing is known of its curvature. */
  @Test
  void aConstantLossNeedsNoSplit() {
    LossNodes nodes =
        LossNodes.of(new double[] {1}, 0, 2, LineLoss.lipschitz("constant", z -> 3, z -> 0, 0));
    CellBounds bounds = new CellBounds(nodes, 0, new int[] {1, 1, 1}, 0);
    assertEquals(3, bounds.dual(0.5));
    assertFalse(bounds.active());
  }

  /** Teeth of a loss that is 0 on the nodes 0, 1, 3, 3.5: heights L/2 times widths 1, 2, ½. */
  @Test
  void theCellsThatPromiseMostAreSplitFirst() {
    LineLoss loss = LineLoss.weaklyConvex("flat", z -> 0, z -> 0, 1, Double.POSITIVE_INFINITY, 1);
    LossNodes nodes = LossNodes.of(new double[] {0, 3}, 0, 3.5, loss);
    CellBounds bounds = new CellBounds(nodes, 0, new int[] {0, 1, 2, 3}, 0);
    assertEquals(1, bounds.dual(0)); // without a price both gaps are promised the highest tooth
    assertArrayEquals(new double[] {0.5, 2, 3.25}, bounds.splits(3));
    assertArrayEquals(new double[] {0.5, 2, NO}, bounds.splits(2));
    assertArrayEquals(new double[] {NO, 2, NO}, bounds.splits(1));
    assertArrayEquals(new double[] {NO, NO, NO}, bounds.splits(0));
  }

  /** Only the first cell promises more than the slack 0.6: heights ½ and 1, prices paid. */
  @Test
  void cellsThatPromiseTooLittleAreLeft() {
    LineLoss loss = LineLoss.weaklyConvex("flat", z -> 0, z -> 0, 1, Double.POSITIVE_INFINITY, 2);
    LossNodes nodes = LossNodes.of(new double[] {0}, 0, 3, loss);
    CellBounds bounds = new CellBounds(nodes, 0, new int[] {0, 1, 2}, 0.6);
    assertArrayEquals(new double[] {1, NO}, bounds.splits(2));
    assertArrayEquals(new double[] {1, NO}, bounds.splits(1));
  }

  /** Between neighbouring doubles there is no place for a node, however steep the loss. */
  @Test
  void neighbouringDoublesAreNotSplit() {
    double middle = Math.nextUp(1.0);
    LineLoss steep = LineLoss.lipschitz("steep", z -> 0, z -> 0, 1e18);
    LossNodes nodes = LossNodes.of(new double[] {middle}, 1, Math.nextUp(middle), steep);
    CellBounds bounds = new CellBounds(nodes, 0, new int[] {0, 1, 2}, 0);
    assertTrue(bounds.dual(0) > 100);
    assertFalse(bounds.active());
  }

  /**
   * λ = ½ from the gap 4 of the flat loss on the nodes 0, 2, 4 with L = 1: the near tooth promises
   * 1 − ½, the far one 1 − 3/2; with gaps 0 and 4 both sides see their near one.
   */
  @Test
  void distanceIsPaidFor() {
    LineLoss loss = LineLoss.weaklyConvex("flat", z -> 0, z -> 0, 1, Double.POSITIVE_INFINITY, 2);
    LossNodes one = LossNodes.of(new double[] {4}, 0, 4, loss);
    CellBounds bounds = new CellBounds(one, 0.5, new int[] {0, 1, 2}, 0);
    assertEquals(0.5 * 3 + 0.5, bounds.dual(3));
    assertArrayEquals(new double[] {NO, 3}, bounds.splits(2));
    LossNodes two = LossNodes.of(new double[] {0, 4, 4}, 0, 4, loss);
    CellBounds both = new CellBounds(two, 0.5, new int[] {0, 1, 2}, 0);
    assertEquals(0.5 * 3 + 0.5, both.dual(3));
    assertArrayEquals(new double[] {1, 3}, both.splits(2));
  }

  /**
   * A concave kink at 0, slopes 2 and ½, and so little curvature, ρ = ¼, that both parabolas have
   * their vertex outside their cell: from the gap −2 the node 0 is best, 0 − 2.
   */
  @Test
  void aVertexOutsideItsCellIsNoPeak() {
    LineLoss loss =
        LineLoss.weaklyConvex("kinked", z -> Math.min(2 * z, z / 2), z -> 1, 3, 0.25, 0);
    LossNodes nodes = LossNodes.of(new double[] {-2}, -2, 2, loss);
    CellBounds bounds = new CellBounds(nodes, 1, new int[] {1, 1, 2}, 0);
    assertEquals(0.25 - 2, bounds.dual(0.25));
    assertFalse(bounds.active());
  }
}
