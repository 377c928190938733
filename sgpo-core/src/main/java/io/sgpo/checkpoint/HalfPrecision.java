package io.sgpo.checkpoint;

/**
 * Conversions between float and the two 16-bit formats: BF16 (1 sign, 8 exponent, 7 mantissa bits)
 * and F16 (IEEE 754 binary16: 1, 5, 10). Widening is exact; narrowing rounds to nearest, ties to
 * even, and overflows to infinity.
 */
final class HalfPrecision {

  /** The least magnitude that rounds to infinity in F16, (2 − 2⁻¹¹) 2¹⁵. */
  private static final float F16_OVERFLOW = 65520f;

  /** The least normal magnitude of F16. */
  private static final float F16_MIN_NORMAL = 0x1p-14f;

  /** The difference of the exponent biases, 127 − 15, at the place of float's exponent. */
  private static final int BIAS_SHIFT = 112 << 23;

  private HalfPrecision() {}

  static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40); // quiet, whatever bits were cut
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  static float fromF16(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = half & 0x7C00;
    int magnitude = half & 0x7FFF;
    if (exponent == 0x7C00) {
      return Float.intBitsToFloat(sign | 0x7F800000 | ((half & 0x3FF) << 13));
    }
    if (exponent == 0) {
      float subnormal = magnitude * 0x1p-24f;
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(subnormal));
    }
    return Float.intBitsToFloat(sign | ((magnitude << 13) + BIAS_SHIFT));
  }

  static short toF16(float value) {
    int sign = (Float.floatToRawIntBits(value) >>> 16) & 0x8000;
    return (short) (sign | magnitudeToF16(Math.abs(value)));
  }

  private static int magnitudeToF16(float magnitude) {
    if (Float.isNaN(magnitude)) {
      return 0x7E00;
    }
    if (magnitude >= F16_OVERFLOW) {
      return 0x7C00;
    }
    if (magnitude < F16_MIN_NORMAL) {
      // The ulp of floats in [0.5, 1) is 2^-24, the subnormal step of F16: the sum rounds for us.
      return Float.floatToRawIntBits(magnitude + 0.5f) - Float.floatToRawIntBits(0.5f);
    }
    int bits = Float.floatToRawIntBits(magnitude);
    return (bits - BIAS_SHIFT + 0xFFF + ((bits >>> 13) & 1)) >>> 13;
  }
}
