package io.sgpo.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

  @Test
  void everyF16SurvivesTheRoundTrip() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.fromF16((short) bits);
      if (Float.isNaN(value)) {
        assertTrue((bits & 0x7C00) == 0x7C00 && (bits & 0x3FF) != 0);
      } else {
        assertEquals((short) bits, HalfPrecision.toF16(value));
      }
    }
  }

  @Test
  void everyBf16SurvivesTheRoundTrip() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.fromBf16((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, HalfPrecision.toBf16(value));
      }
    }
  }

  @Test
  void knownValuesOfF16() {
    assertEquals(1f, HalfPrecision.fromF16((short) 0x3C00));
    assertEquals(-2f, HalfPrecision.fromF16((short) 0xC000));
    assertEquals(65504f, HalfPrecision.fromF16((short) 0x7BFF));
    assertEquals(0x1p-24f, HalfPrecision.fromF16((short) 0x0001));
    assertEquals(0x1p-14f, HalfPrecision.fromF16((short) 0x0400));
    assertEquals(Float.NEGATIVE_INFINITY, HalfPrecision.fromF16((short) 0xFC00));
  }

  @Test
  void tiesGoToEven() {
    assertEquals((short) 0x3F80, HalfPrecision.toBf16(1 + 0x1p-8f));
    assertEquals((short) 0x3F82, HalfPrecision.toBf16(1 + 3 * 0x1p-8f));
    assertEquals((short) 0x3C00, HalfPrecision.toF16(1 + 0x1p-11f));
    assertEquals((short) 0x3C02, HalfPrecision.toF16(1 + 3 * 0x1p-11f));
    assertEquals((short) 0, HalfPrecision.toF16(0x1p-25f));
    assertEquals((short) 2, HalfPrecision.toF16(3 * 0x1p-25f));
  }

  @Test
  void overflowAndNaN() {
    assertEquals((short) 0x7BFF, HalfPrecision.toF16(65519.996f));
    assertEquals((short) 0x7C00, HalfPrecision.toF16(65520f));
    assertEquals((short) 0x7F80, HalfPrecision.toBf16(Float.MAX_VALUE));
    assertTrue(Float.isNaN(HalfPrecision.fromF16(HalfPrecision.toF16(Float.NaN))));
    assertTrue(
        Float.isNaN(
            HalfPrecision.fromBf16(HalfPrecision.toBf16(Float.intBitsToFloat(0x7F800001)))));
  }

  /** No neighbour of the rounded value may be nearer. */
  @Property
  void roundingIsToNearest(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    if (!Float.isFinite(value)) {
      return;
    }
    if (Math.abs(value) < 65504) {
      short half = HalfPrecision.toF16(value);
      double error = Math.abs((double) HalfPrecision.fromF16(half) - value);
      for (int step = -1; step <= 1; step += 2) {
        float neighbour = HalfPrecision.fromF16((short) (half + step));
        assertTrue(Float.isNaN(neighbour) || error <= Math.abs((double) neighbour - value));
      }
    }
    short brain = HalfPrecision.toBf16(value);
    double error = Math.abs((double) HalfPrecision.fromBf16(brain) - value);
    if (Double.isFinite(error)) {
      for (int step = -1; step <= 1; step += 2) {
        float neighbour = HalfPrecision.fromBf16((short) (brain + step));
        assertTrue(Float.isNaN(neighbour) || error <= Math.abs((double) neighbour - value));
      }
    }
  }
}
