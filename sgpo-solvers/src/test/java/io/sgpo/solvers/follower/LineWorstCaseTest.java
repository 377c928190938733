package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.follower.LineWorstCase.Atom;
import io.sgpo.solvers.loss.LineLoss;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineWorstCaseTest {

  /** The gap 0, of whose mass a share goes to one place and the rest to another; λ* = 3. */
  private static LineWorstCase worst(double one, double other, double share) {
    return new LineWorstCase(
        new double[] {0},
        null,
        LineLoss.lipschitz("rising", z -> 2 * z, z -> 2, 2),
        new LineWorstCase.Outcome(Status.SOLVED, 1, 3, 0, 4),
        new LineWorstCase.LinePlan(new double[] {one}, new double[] {other}, share));
  }

  @Test
  void atomsAreOrderedByPosition() {
    List<Atom> expected = List.of(new Atom(-1, 0.75), new Atom(2, 0.25));
    assertEquals(expected, worst(2, -1, 0.25).atoms(0));
    assertEquals(expected, worst(-1, 2, 0.75).atoms(0));
  }

  @Test
  void massThatGoesToOnePlaceIsOneAtom() {
    assertEquals(List.of(new Atom(-1, 1)), worst(2, -1, 0).atoms(0));
    assertEquals(List.of(new Atom(2, 1)), worst(2, -1, 1).atoms(0));
    assertEquals(List.of(new Atom(2, 1)), worst(2, 2, 0.25).atoms(0));
  }

  /** A quarter at 2, three quarters at −1; or three quarters that stay, with ℓ' = 2. */
  @Test
  void numbersOfAPairAreMeansOverItsMass() {
    LineWorstCase both = worst(2, -1, 0.25);
    assertArrayEquals(new double[] {-0.25}, both.positions());
    assertArrayEquals(new double[] {1.25}, both.displacements());
    assertArrayEquals(new double[] {1}, both.moved());
    assertArrayEquals(new double[] {-1.5}, both.gradient()); // ¼ · 3 − ¾ · 3
    LineWorstCase part = worst(2, 0, 0.25);
    assertArrayEquals(new double[] {0.25}, part.moved());
    assertArrayEquals(new double[] {0.75 + 1.5}, part.gradient());
  }
}
