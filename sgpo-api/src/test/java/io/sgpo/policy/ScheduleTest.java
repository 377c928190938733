package io.sgpo.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.policy.Schedule.Shape;
import org.junit.jupiter.api.Test;

/**
 * Rates of {@code get_scheduler} of transformers 4.55: base rate 3e-4, 3 steps of warm-up, 12
 * steps.
 */
class ScheduleTest {

  private static final double BASE = 3e-4;
  private static final double TOLERANCE = 1e-10;

  private static void assertRates(Schedule schedule, double... rates) {
    for (int step = 0; step < rates.length; step++) {
      double rate = BASE * schedule.factor(step, 12);
      assertEquals(rates[step], rate, TOLERANCE, schedule + " at " + step);
    }
  }

  @Test
  void constant() {
    assertRates(Schedule.CONSTANT, BASE, BASE, BASE, BASE, BASE);
    assertRates(warmedUp(Shape.CONSTANT), 0, 0.0001, 0.0002, 0.0003, 0.0003, 0.0003);
  }

  @Test
  void linear() {
    assertRates(
        warmedUp(Shape.LINEAR),
        0.0,
        0.0001,
        0.0002,
        0.0003,
        0.0002666667,
        0.0002333333,
        0.0002,
        0.0001666667,
        0.0001333333,
        0.0001,
        6.666667e-05,
        3.333333e-05,
        0.0,
        0.0);
  }

  @Test
  void cosine() {
    // the reference rises again after the last step; here it stays at 0
    assertRates(
        warmedUp(Shape.COSINE),
        0.0,
        0.0001,
        0.0002,
        0.0003,
        0.0002909539,
        0.0002649067,
        0.000225,
        0.0001760472,
        0.0001239528,
        7.5e-05,
        3.509333e-05,
        9.046107e-06,
        0.0,
        0.0);
  }

  @Test
  void inverseSqrt() {
    assertRates(
        warmedUp(Shape.INVERSE_SQRT),
        0.0,
        0.0001,
        0.0002,
        0.0003,
        0.0002598076,
        0.000232379,
        0.000212132,
        0.0001963961,
        0.0001837117,
        0.0001732051,
        0.0001643168,
        0.0001566699,
        0.00015,
        0.0001441153);
    assertEquals(Math.sqrt(0.5), Schedule.of(Shape.INVERSE_SQRT).factor(10_000, 5), 1e-15);
  }

  @Test
  void aWarmUpLongerThanTheRun() {
    for (Shape shape : Shape.values()) {
      assertEquals(0.5, Schedule.of(shape).withWarmupSteps(8).factor(4, 4));
    }
    assertEquals(0, new Schedule(Shape.LINEAR, 8).factor(8, 4));
  }

  @Test
  void negativeArguments() {
    IllegalArgumentException warmup =
        assertThrows(IllegalArgumentException.class, () -> new Schedule(Shape.LINEAR, -1));
    assertTrue(
        String.valueOf(warmup.getMessage()).contains("warmupSteps must be >= 0, but was -1"));
    IllegalArgumentException step =
        assertThrows(IllegalArgumentException.class, () -> Schedule.CONSTANT.factor(-2, 4));
    assertTrue(String.valueOf(step.getMessage()).contains("step must be >= 0, but was -2"));
  }

  private static Schedule warmedUp(Shape shape) {
    return Schedule.of(shape).withWarmupSteps(3);
  }
}
