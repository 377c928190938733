package io.sgpo.onpolicy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.run.Metric;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AveragesTest {

  private static final Metric COUNT = new Metric("count", "1", "how many");
  private static final Metric MEAN = new Metric("mean", "1", "mean");
  private static final Metric DEVIATION = new Metric("deviation", "1", "standard deviation");

  private static void fill(Averages averages, double... values) {
    for (double value : values) {
      averages.count(COUNT, 1);
      averages.mean(MEAN, value);
      averages.deviation(DEVIATION, value);
    }
  }

  @Test
  void byHand() {
    Averages averages = new Averages();
    fill(averages, 1, 3);
    averages.mean(MEAN, 6, 4);
    // (1 + 3 + 6) / (1 + 1 + 4); deviation of 1 and 3
    assertEquals(Map.of(COUNT, 2.0, MEAN, 10.0 / 6, DEVIATION, 1.0), averages.metrics());
  }

  @Test
  void whatHasNoWeightIsNotReported() {
    Averages averages = new Averages();
    averages.count(COUNT, 0);
    averages.mean(MEAN, 0, 0);
    assertEquals(Map.of(COUNT, 0.0), averages.metrics());
  }

  @Test
  void theyGoOnFromTheirState() {
    Averages whole = new Averages();
    fill(whole, 1, 3, 0.1, 0.7);
    Averages first = new Averages();
    fill(first, 1, 3);
    Averages second = Averages.of(first.state());
    fill(second, 0.1, 0.7);
    assertEquals(whole.metrics(), second.metrics());
    assertEquals(List.copyOf(whole.metrics().keySet()), List.copyOf(second.metrics().keySet()));
  }
}
