package io.sgpo.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {

  @Test
  void ticksAreRoundAndFew() {
    assertEquals(List.of("-4", "-2", "0", "2", "4"), words(Axis.linear("x", -4, 4)));
    assertEquals(List.of("0.68", "0.70", "0.72", "0.74"), words(Axis.linear("x", 0.68, 0.755)));
    assertEquals(List.of("0", "200", "400"), words(Axis.linear("x", 0, 799)).subList(0, 3));
    assertEquals(List.of("0.01", "0.1", "1", "10"), words(Axis.logarithmic("x", 0.01, 10)));
    assertEquals(List.of("0", "1", "2", "3"), words(Axis.whole("x", -0.2, 3.2)));
    assertEquals(List.of("5"), words(Axis.whole("x", 4.5, 5.5)));
  }

  @Test
  void sharesRunFromZeroToOne() {
    assertEquals(0.25, Axis.linear("x", -2, 2).share(-1));
    assertEquals(0.5, Axis.logarithmic("x", 0.01, 100).share(1), 1e-15);
  }

  @Test
  void anAxisThatDoesNotRiseIsRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Axis.linear("x", 2, 2)).getMessage();
    assertTrue(message.contains("2.0"), message);
    assertThrows(IllegalArgumentException.class, () -> Axis.logarithmic("x", 0, 2));
  }

  @Test
  void anOutlineKeepsCornersOnly() {
    Outline outline = Outline.of(new double[] {0, 1, 2, 3, 4}, new double[] {0, 5, 10, 10, 10});
    assertArrayEquals(new double[] {0, 2, 4}, outline.xs());
    assertArrayEquals(new double[] {0, 10, 10}, outline.ys());
  }

  @Test
  void coordinatesHaveOneDecimal() {
    assertEquals("0", Svg.number(-0.04));
    assertEquals("100", Svg.number(99.96));
    assertEquals("-1.5", Svg.number(-1.5));
    assertThrows(IllegalArgumentException.class, () -> Svg.number(Double.NaN));
  }

  private static List<String> words(Axis axis) {
    return axis.ticks().stream().map(BigDecimal::toPlainString).toList();
  }
}
