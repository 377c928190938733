package io.sgpo.solvers.selection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FarthestPointTest {

  /** Directions at 0, 10, 90, 170 and 260 degrees, of different lengths. */
  private static final float[][] CIRCLE = {
    direction(0, 1), direction(10, 5), direction(90, 0.1), direction(170, 2), direction(260, 3)
  };

  private static float[] direction(double degrees, double length) {
    double angle = Math.toRadians(degrees);
    return new float[] {(float) (length * Math.cos(angle)), (float) (length * Math.sin(angle))};
  }

  @Test
  void eachPointIsTheFarthestFromThoseBefore() {
    // From 0: 170 is 170 degrees away. Then 90 is 80 from 170, 260 is 90 from 170 and 100 from 0.
    assertArrayEquals(new int[] {0, 3, 4, 2, 1}, FarthestPoint.select(CIRCLE, 5, 0));
    assertArrayEquals(new int[] {0, 3, 4}, FarthestPoint.select(CIRCLE, 3, 0));
    assertArrayEquals(new int[] {2, 4, 0, 3, 1}, FarthestPoint.select(CIRCLE, 5, 2));
  }

  @Test
  void equalPointsAreChosenOnceEachByIndexAndZeroIsAtDistanceOne() {
    float[][] points = {{0, 0}, {1, 0}, {2, 0}, {1, 0}, {-1, 0}};
    assertArrayEquals(new int[] {1, 4, 0, 2, 3}, FarthestPoint.select(points, 5, 1));
  }

  @Test
  void theRunningMinimumIsThatOfAllDistances() {
    SplittableRandom random = new SplittableRandom(3);
    float[][] points = new float[60][7];
    for (float[] point : points) {
      for (int d = 0; d < point.length; d++) {
        point[d] = (float) (random.nextDouble() - 0.5);
      }
    }
    int[] chosen = FarthestPoint.select(points, 25, 11);
    assertEquals(25, Arrays.stream(chosen).distinct().count());
    for (int k = 1; k < chosen.length; k++) {
      double taken = nearest(points, chosen, k, chosen[k]);
      for (int i = 0; i < points.length; i++) {
        assertTrue(nearest(points, chosen, k, i) <= taken + 1e-12);
      }
    }
  }

  private static double nearest(float[][] points, int[] chosen, int count, int i) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int k = 0; k < count; k++) {
      float[] x = points[i];
      float[] y = points[chosen[k]];
      double xy = 0;
      double xx = 0;
      double yy = 0;
      for (int d = 0; d < x.length; d++) {
        xy += (double) x[d] * y[d];
        xx += (double) x[d] * x[d];
        yy += (double) y[d] * y[d];
      }
      nearest = Math.min(nearest, 1 - xy / Math.sqrt(xx * yy));
    }
    return nearest;
  }

  @Test
  void whatIsOutsideItsDomainIsRefused() {
    assertRefused("count", "6", () -> FarthestPoint.select(CIRCLE, 6, 0));
    assertRefused("count", "0", () -> FarthestPoint.select(CIRCLE, 0, 0));
    assertRefused("first", "5", () -> FarthestPoint.select(CIRCLE, 1, 5));
    assertRefused("first", "-1", () -> FarthestPoint.select(CIRCLE, 1, -1));
    assertArrayEquals(new int[] {4}, FarthestPoint.select(CIRCLE, 1, 4)); // the last is allowed
    assertRefused(
        "point 1", "finite", () -> FarthestPoint.select(new float[][] {{1}, {Float.NaN}}, 1, 0));
    assertRefused("1", "2", () -> FarthestPoint.select(new float[][] {{1}, {1, 2}}, 1, 0));
  }

  private static void assertRefused(String one, String other, Runnable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call::run).getMessage());
    assertTrue(message.contains(one) && message.contains(other), message);
  }
}
