package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LanesTest {

  private static double[] filled(int size, double value) {
    double[] values = new double[size];
    Arrays.fill(values, value);
    return values;
  }

  private static Lanes add(Lanes lanes, double... values) {
    lanes.add(values, 0, values.length);
    return lanes;
  }

  /** 64 numbers are one row, a lane each: 64 (1 + 2^−60) = 64 + 2^−54. */
  @Test
  void rowsKeepWhatADoubleWouldLose() {
    Lanes lanes = add(add(new Lanes(), filled(64, 1)), filled(64, 0x1p-60));
    assertEquals(new DoubleDouble(64, 0x1p-54), lanes.sum());
  }

  @Test
  void singleNumbersKeepWhatADoubleWouldLose() {
    Lanes lanes = add(add(new Lanes(), 1, -2, 4), 0x1p-60, 0x1p-60, 0x1p-60);
    assertEquals(new DoubleDouble(3, 3 * 0x1p-60), lanes.sum());
    assertEquals(-2, lanes.least());
    assertEquals(4, lanes.largest());
  }

  /** Sums of 1, …, n for sizes around one and two rows. */
  @Test
  void rowsAndTheRestAreOneSum() {
    for (int size : new int[] {1, 63, 64, 65, 127, 128, 129}) {
      double[] values = new double[size + 2];
      Arrays.setAll(values, i -> i);
      Lanes lanes = new Lanes();
      lanes.add(values, 1, size + 1);
      assertEquals(new DoubleDouble(size * (size + 1) / 2.0, 0), lanes.sum());
      assertEquals(1, lanes.least());
      assertEquals(size, lanes.largest());
    }
  }

  @Test
  void extremesAreThoseSinceTheLastReset() {
    Lanes lanes = add(new Lanes(), filled(64, 5));
    lanes.resetExtremes();
    assertEquals(Double.POSITIVE_INFINITY, lanes.least());
    assertEquals(Double.NEGATIVE_INFINITY, lanes.largest());
    add(lanes, 3);
    assertEquals(3, lanes.least());
    assertEquals(3, lanes.largest());
    assertEquals(new DoubleDouble(323, 0), lanes.sum());
  }

  @Test
  void aNumberThatIsNoneStays() {
    double[] values = filled(64, 1);
    values[40] = Double.NaN;
    Lanes lanes = add(add(new Lanes(), values), 0, 2);
    assertEquals(Double.NaN, lanes.least());
    assertEquals(Double.NaN, lanes.largest());
  }

  @Test
  void sumsAreMergedAndExtremesAreNot() {
    Lanes lanes = add(new Lanes(), 1, 2);
    lanes.addSum(add(new Lanes(), 0x1p-60, 9));
    assertEquals(new DoubleDouble(12, 0x1p-60), lanes.sum());
    assertEquals(2, lanes.largest());
  }
}
