package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The cheapest cut into buckets, against all cuts. */
class BucketsProperties {

  @Property(tries = 200)
  void noCutIsCheaper(
      @ForAll @Size(max = 9) List<@IntRange(min = 1, max = 12) Integer> lengths,
      @ForAll @DoubleRange(min = 0, max = 20) double cost) {
    List<Integer> sorted = lengths.stream().sorted().toList();
    List<List<Integer>> buckets = Buckets.cut(sorted, length -> length, cost);
    assertEquals(sorted, buckets.stream().flatMap(List::stream).toList());
    assertTrue(buckets.stream().noneMatch(List::isEmpty));
    double total = 0;
    for (List<Integer> bucket : buckets) {
      total += bucket.size() * bucket.get(bucket.size() - 1) + cost;
    }
    assertEquals(cheapest(sorted, cost), total, 1e-9);
  }

  private static double cheapest(List<Integer> sorted, double cost) {
    double best = sorted.isEmpty() ? 0 : Double.POSITIVE_INFINITY;
    for (int size = 1; size <= sorted.size(); size++) {
      double first = size * sorted.get(size - 1) + cost;
      best = Math.min(best, first + cheapest(sorted.subList(size, sorted.size()), cost));
    }
    return best;
  }

  @Property(tries = 50)
  void withoutACostThereIsNoPadding(
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 12) Integer> lengths) {
    List<Integer> sorted = lengths.stream().sorted().toList();
    for (List<Integer> bucket : Buckets.cut(sorted, length -> length, 0)) {
      assertEquals(1, bucket.stream().distinct().count());
    }
  }
}
