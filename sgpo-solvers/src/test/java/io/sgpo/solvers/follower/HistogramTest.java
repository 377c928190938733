package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistogramTest {

  private static Histogram of(double from, double to, boolean byKey, double... gaps) {
    Histogram histogram = new Histogram(new Range(from, to), byKey, 4);
    histogram.add(gaps, 0, gaps.length);
    return histogram;
  }

  private static long[] counts(Histogram histogram) {
    return IntStream.range(0, histogram.buckets()).mapToLong(histogram::count).toArray();
  }

  /** Widths of 2: both ends belong to the range, what is outside is only counted in the size. */
  @Test
  void bucketsOfEqualWidth() {
    Histogram histogram = of(0, 8, false, 1.5, -0.5, 0, 2, 8, 7.5, 9);
    assertArrayEquals(new long[] {2, 1, 0, 2}, counts(histogram));
    assertEquals(7, histogram.size());
    assertEquals(new DoubleDouble(1.5, 0), histogram.sum(0));
    assertEquals(new DoubleDouble(15.5, 0), histogram.sum(3));
    assertEquals(new Range(0, 1.5), histogram.range(0));
    assertEquals(new Range(2, 2), histogram.range(1));
    assertEquals(new Range(7.5, 8), histogram.range(3));
  }

  @Test
  void onlyTheSliceIsAdded() {
    Histogram histogram = new Histogram(new Range(0, 8), false, 4);
    histogram.add(new double[] {1, 3, 5, 7}, 1, 3);
    assertArrayEquals(new long[] {0, 1, 1, 0}, counts(histogram));
    assertEquals(2, histogram.size());
  }

  /** From 1 to 2 there are 2^52 doubles; four buckets hold 2^51 each, the last one starts at 2. */
  @Test
  void bucketsOfAsManyDoubles() {
    Histogram histogram = of(1, 2, true, 0.5, 1, 1.25, 1.5, 1.75, 2, 3);
    assertArrayEquals(new long[] {2, 2, 1, 0}, counts(histogram));
    assertEquals(7, histogram.size());
    assertEquals(new Range(1, 1.25), histogram.range(0));
    assertEquals(new DoubleDouble(3.25, 0), histogram.sum(1));
  }

  /**
   * The keys of all doubles need 64 bits, unsigned. A quarter of them, 2^62, after the least begins
   * the second bucket, just above −1; the others begin at the least normal one and 4.
   */
  @Test
  void allDoublesFitInTheBuckets() {
    double most = Double.MAX_VALUE;
    Histogram histogram = of(-most, most, true, -most, -2.5, -1, -0.5, -0.0, 0, Double.MIN_VALUE);
    assertArrayEquals(new long[] {3, 4, 0, 0}, counts(histogram));
    Histogram above = of(-most, most, true, Double.MIN_NORMAL, 1, Math.nextDown(4.0), 4, most);
    assertArrayEquals(new long[] {0, 0, 3, 2}, counts(above));
  }

  /** 4 / (2^−1074) overflows: such a range is cut into doubles, of which it has two. */
  @Test
  void aRangeTooNarrowForWidthsIsCutIntoDoubles() {
    Histogram histogram = of(0, Double.MIN_VALUE, false, 0, Double.MIN_VALUE, 0, -1, 1);
    assertArrayEquals(new long[] {2, 1, 0, 0}, counts(histogram));
  }

  /** 1 + 2^−60 is no double; the sum keeps both parts, also when it is merged. */
  @Test
  void sumsKeepWhatADoubleWouldLose() {
    Histogram histogram = of(0, 8, false, 1, 0x1p-60);
    assertEquals(new DoubleDouble(1, 0x1p-60), histogram.sum(0));
    histogram.merge(of(0, 8, false, 0x1p-60, 7));
    assertEquals(new DoubleDouble(1, 0x1p-59), histogram.sum(0));
    assertEquals(new Range(0x1p-60, 1), histogram.range(0));
  }

  @Test
  void mergesBucketByBucket() {
    Histogram histogram = of(0, 8, false, 1, 3);
    histogram.merge(of(0, 8, false, 0.5, 1.5, 7, 10));
    assertArrayEquals(new long[] {3, 1, 0, 1}, counts(histogram));
    assertEquals(6, histogram.size());
    assertEquals(new DoubleDouble(3, 0), histogram.sum(0));
    assertEquals(new Range(0.5, 1.5), histogram.range(0));
    assertEquals(new Range(7, 7), histogram.range(3));
  }
}
