package io.sgpo.solvers.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.GapLoss;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineLossTest {
  private static final List<LineLoss> LOSSES =
      List.of(
          LineLoss.of(GapLoss.logistic()),
          LineLoss.ofPieces(Tangents.uniform(5, -3, 3)),
          LineLoss.ofPieces(PiecewiseAffine.of(new double[] {-1, 0.2, 2}, new double[] {0, 1, -3})),
          LineLoss.convex("ipo", PreferenceLoss.ipo(2)::value, PreferenceLoss.ipo(2)::slope),
          LineLoss.sigmoid(),
          LineLoss.ramp());

  /** On random intervals without a breakpoint: L bounds the change, chord and ρ bound the loss. */
  @Test
  void whatALossTellsOfItselfIsTrue() {
    SplittableRandom random = new SplittableRandom(1);
    for (LineLoss loss : LOSSES) {
      for (int trial = 0; trial < 2000; trial++) {
        double left = random.nextDouble(-6, 6);
        double right = left + random.nextDouble(0.01, 4);
        double share = random.nextDouble();
        double z = left + share * (right - left);
        double change = Math.abs(loss.value(right) - loss.value(left));
        assertTrue(
            change <= loss.lipschitz(left, right) * (right - left) + 1e-12,
            () -> loss + " on " + left + ", " + right);
        if (!holdsBreakpoint(loss, left, right)) {
          double chord = (1 - share) * loss.value(left) + share * loss.value(right);
          double bulge = loss.weakConvexity(left, right) / 2 * (z - left) * (right - z);
          assertTrue(
              loss.value(z) <= chord + bulge + 1e-12, () -> loss + " on " + left + ", " + right);
        }
      }
    }
  }

  private static boolean holdsBreakpoint(LineLoss loss, double left, double right) {
    for (double breakpoint : loss.breakpoints()) {
      if (breakpoint > left && breakpoint < right) {
        return true;
      }
    }
    return false;
  }

  @Test
  void slopesAreDerivatives() {
    for (LineLoss loss : LOSSES) {
      for (double z : new double[] {-2.3, -0.4, 0.37, 1.7}) {
        double difference = (loss.value(z + 1e-6) - loss.value(z - 1e-6)) / 2e-6;
        assertEquals(difference, loss.slope(z), 1e-8, loss.name() + " at " + z);
      }
    }
  }

  /** The constants of the sigmoid loss are the least: ¼ at 0, 1/(6√3) at log(2 − √3). */
  @Test
  void sigmoidIsAsSteepAndAsBentAsItSays() {
    LineLoss sigmoid = LineLoss.sigmoid();
    assertEquals("sigmoid", sigmoid.name());
    assertEquals(0.25, sigmoid.lipschitz(-1, 1));
    assertEquals(-sigmoid.slope(2), sigmoid.lipschitz(2, 5));
    assertEquals(-sigmoid.slope(-2), sigmoid.lipschitz(-5, -2));
    assertEquals(0, sigmoid.weakConvexity(0, 4));
    double z = Math.log(2 - Math.sqrt(3));
    double bend = -(sigmoid.slope(z + 1e-5) - sigmoid.slope(z - 1e-5)) / 2e-5;
    assertEquals(bend, sigmoid.weakConvexity(-4, 0), 1e-9);
    assertArrayEquals(new double[] {0}, sigmoid.breakpoints());
  }

  @Test
  void nothingIsKnownOfALossThatTellsNothing() {
    LineLoss bare = LineLoss.lipschitz("bare", Math::sin, Math::cos, 1);
    assertEquals(Double.POSITIVE_INFINITY, bare.weakConvexity(0, 1));
    assertEquals(0, bare.breakpoints().length);
    assertEquals("bare", bare.toString());
    assertEquals(0.5, LineLoss.ramp().value(0));
  }
}
