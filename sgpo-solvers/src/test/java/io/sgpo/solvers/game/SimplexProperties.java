package io.sgpo.solvers.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.Refusals;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SimplexProperties {

  @Provide
  Arbitrary<double[]> near() {
    return Arbitraries.doubles().between(-3, 3).array(double[].class).ofMinSize(1).ofMaxSize(9);
  }

  @Provide
  Arbitrary<double[]> far() {
    return Arbitraries.doubles().between(-1e6, 1e6).array(double[].class).ofMinSize(1).ofMaxSize(9);
  }

  @Property
  void theProjectionLiesOnTheSimplex(@ForAll("far") double[] point) {
    double[] x = Simplex.project(point);
    assertTrue(Arrays.stream(x).allMatch(coordinate -> coordinate >= 0));
    assertEquals(1, Arrays.stream(x).sum(), 1e-9);
  }

  /** ⟨v − x, e_i − x⟩ {@code <=} 0 at every vertex e_i is the optimality of the projection. */
  @Property
  void noVertexLiesAtAnAcuteAngle(@ForAll("near") double[] point) {
    double[] x = Simplex.project(point);
    double own = 0;
    for (int i = 0; i < x.length; i++) {
      own += (point[i] - x[i]) * x[i];
    }
    for (int i = 0; i < x.length; i++) {
      assertTrue(point[i] - x[i] - own <= 1e-12, () -> Arrays.toString(point));
    }
  }

  @Property
  void itAgreesWithTheProjectionBySorting(@ForAll("near") double[] point) {
    double[] sorted = point.clone();
    Arrays.sort(sorted);
    double theta = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int k = 1; k <= sorted.length; k++) {
      double smallest = sorted[sorted.length - k];
      sum += smallest;
      theta = smallest - (sum - 1) / k > 0 ? (sum - 1) / k : theta;
    }
    double[] expected = new double[point.length];
    for (int i = 0; i < point.length; i++) {
      expected[i] = Math.max(0, point[i] - theta);
    }
    assertArrayEquals(expected, Simplex.project(point), 1e-12);
  }

  @Example
  void pointsOfTheSimplexStayWhereTheyAre() {
    assertArrayEquals(new double[] {0.25, 0.75, 0}, Simplex.project(0.25, 0.75, 0), 1e-16);
  }

  @Example
  void hugeCoordinatesDoNotOverflow() {
    assertArrayEquals(new double[] {0, 1}, Simplex.project(-Double.MAX_VALUE, Double.MAX_VALUE), 0);
  }

  @Example
  void aCoordinateThatIsNotFiniteIsNamed() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> Simplex.project(0.5, Double.NaN));
    assertEquals("point[1] must be finite, but was NaN", error.getMessage());
    assertEquals(
        "point must have at least one coordinate, but had 0", Refusals.message(Simplex::project));
  }
}
