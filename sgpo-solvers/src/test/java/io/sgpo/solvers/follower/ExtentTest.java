package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.solvers.Refusals;
import org.junit.jupiter.api.Test;

class ExtentTest {

  private static Extent of(double... gaps) {
    Extent extent = new Extent(-2, 2);
    extent.add(gaps, 0, gaps.length);
    return extent;
  }

  private static String refusal(Extent extent) {
    return Refusals.message(extent::check);
  }

  private static String outside(int index, double gap) {
    return "gaps must lie in the support [-2.0, 2.0], but gap "
        + index
        + " was "
        + gap
        + "; widen the support or clip the gap";
  }

  @Test
  void theEndsOfTheSupportBelongToIt() {
    assertDoesNotThrow(of(-2, 2)::check);
    assertEquals(outside(2, 2.5), refusal(of(-2, 2, 2.5)));
    assertEquals(outside(2, -2.5), refusal(of(-2, 2, -2.5)));
  }

  @Test
  void theFirstGapThatIsRefusedIsNamed() {
    assertEquals(outside(0, 3), refusal(of(3, 4, 5)));
    Extent twice = of(3, 0);
    twice.add(new double[] {-7}, 0, 1);
    assertEquals(outside(0, 3), refusal(twice));
    Extent later = of(1, 0);
    later.add(new double[] {9, 0, -7}, 1, 3);
    assertEquals(outside(3, -7), refusal(later));
  }

  @Test
  void theFirstOfMergedPartsIsNamed() {
    Extent both = of(3);
    both.merge(of(4));
    assertEquals(outside(0, 3), refusal(both));
    Extent later = of(0, 1);
    later.merge(of(4));
    assertEquals(outside(2, 4), refusal(later));
    Extent second = of(0);
    second.merge(of(0, 4));
    assertEquals(outside(2, 4), refusal(second));
  }

  @Test
  void nothingIsRefusedWhereNothingIsAdded() {
    Extent empty = new Extent(-2, 2);
    empty.add(new double[] {9}, 1, 1);
    assertDoesNotThrow(empty::check);
    assertEquals("gaps must not be empty", Refusals.message(() -> empty.summary(-2)));
  }

  @Test
  void countsTheGapsAtTheLeastOne() {
    Extent extent = of(1, 0, 0);
    extent.merge(of(0, 1));
    GapSummary same = extent.summary(-2);
    assertEquals(3, same.atMin());
    assertEquals(2, same.sum().value());
    assertEquals(12, same.cost().value()); // 2 + 5 · 2
    extent.merge(of(-1));
    GapSummary lower = extent.summary(-2);
    assertEquals(1, lower.atMin());
    assertEquals(-1, lower.min());
    extent.add(new double[] {0, 2}, 0, 2);
    assertEquals(1, extent.summary(-2).atMin());
    assertEquals(2, extent.summary(-2).max());
    assertEquals(8, extent.summary(-2).size());
  }
}
