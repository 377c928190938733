package io.sgpo.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HistogramTest {

  @Test
  void sharesBelowAreLinearBetweenPercentiles() {
    double[] percentiles = {0, 1, 1, 3, 5};
    assertEquals(0, Histogram.below(percentiles, -0.1));
    assertEquals(0.125, Histogram.below(percentiles, 0.5));
    assertEquals(0.5, Histogram.below(percentiles, 1), "half of the values are at or below 1");
    assertEquals(0.625, Histogram.below(percentiles, 2));
    assertEquals(1, Histogram.below(percentiles, 5));
  }

  /** Each height stands twice in the outline. */
  @Test
  void heightsAddUpToWhatLiesWithin() {
    double[] percentiles = new double[101];
    for (int i = 0; i <= 100; i++) {
      percentiles[i] = Math.pow(i - 40, 3);
    }
    Histogram bins = Histogram.between(Histogram.lower(percentiles), Histogram.upper(percentiles));
    double[] heights = bins.heights(percentiles);
    double[] edges = bins.edges();
    double within =
        Histogram.below(percentiles, edges[edges.length - 1])
            - Histogram.below(percentiles, edges[0]);
    assertEquals(within, Arrays.stream(heights).sum() / 2, 1e-12);
    assertEquals(1, within, 0.03, "but the tails");
  }

  @Test
  void equalValuesFillOneBin() {
    double[] percentiles = new double[101];
    double[] heights = Histogram.between(0, 0).heights(percentiles);
    assertEquals(2, Arrays.stream(heights).sum());
    assertEquals(2, Arrays.stream(heights).filter(height -> height == 1).count());
  }
}
