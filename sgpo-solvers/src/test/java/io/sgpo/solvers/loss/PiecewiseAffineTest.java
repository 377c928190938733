package io.sgpo.solvers.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.follower.GapLoss;
import io.sgpo.solvers.Refusals;
import org.junit.jupiter.api.Test;

class PiecewiseAffineTest {

  /** The pieces that a surrogate hands out are the surrogate: ℓ(ξ) = max_k (a_k ξ + b_k). */
  @Test
  void aSurrogateIsTheLargestOfItsPieces() {
    largest(Tangents.at(-4, -1.5, 0, 0.25, 3), Tangents.at(-4, -1.5, 0, 0.25, 3));
    largest(new ProbabilityTangents(5), new ProbabilityTangents(5));
  }

  private static void largest(GapLoss loss, PiecewiseAffine pieces) {
    double[] slopes = pieces.slopes();
    double[] intercepts = pieces.intercepts();
    assertEquals(5, slopes.length);
    for (double gap = -6; gap <= 6; gap += 0.01) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < slopes.length; k++) {
        largest = Math.max(largest, slopes[k] * gap + intercepts[k]);
      }
      assertEquals(largest, loss.value(gap), 1e-13, loss.name() + " at " + gap);
    }
  }

  @Test
  void givenPiecesAreCopiedInAndOut() {
    double[] slopes = {-2, 1};
    double[] intercepts = {0, 3};
    PiecewiseAffine pieces = PiecewiseAffine.of(slopes, intercepts);
    slopes[0] = 7;
    intercepts[0] = 7;
    pieces.slopes()[1] = 7;
    pieces.intercepts()[1] = 7;
    assertArrayEquals(new double[] {-2, 1}, pieces.slopes());
    assertArrayEquals(new double[] {0, 3}, pieces.intercepts());
  }

  @Test
  void messagesNameThePiece() {
    assertEquals(
        "slopes and intercepts must be as many, and at least one, but were 1 and 2",
        Refusals.message(() -> PiecewiseAffine.of(new double[1], new double[2])));
    assertEquals(
        "slopes and intercepts must be as many, and at least one, but were 0 and 0",
        Refusals.message(() -> PiecewiseAffine.of(new double[0], new double[0])));
    assertEquals(
        "slope 1 must be finite, but was NaN",
        Refusals.message(() -> PiecewiseAffine.of(new double[] {0, Double.NaN}, new double[2])));
    assertEquals(
        "intercept 0 must be finite, but was -Infinity",
        Refusals.message(
            () -> PiecewiseAffine.of(new double[2], new double[] {Double.NEGATIVE_INFINITY, 0})));
  }
}
