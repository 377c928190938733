package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class LanePlanProperties {

  @Provide
  Arbitrary<long[]> work() {
    return Arbitraries.longs().between(0, 10_000).array(long[].class).ofMinSize(1).ofMaxSize(24);
  }

  @Property
  void everyGroupIsInOneLane(
      @ForAll("work") long[] work,
      @ForAll @IntRange(min = 1, max = 16) int threads,
      @ForAll @IntRange(min = 1, max = 16) int most) {
    LanePlan.Division division = new LanePlan(threads, Math.min(most, threads), 0).divide(work);
    List<Integer> groups = division.groups().stream().flatMap(Set::stream).sorted().toList();
    assertEquals(IntStream.range(0, work.length).boxed().toList(), groups);
    assertTrue(division.count() <= Math.min(most, work.length), "too many lanes");
    assertTrue(division.count() * division.threadsEach() <= threads, "too many threads");
    for (int lane = 0; lane < division.count(); lane++) {
      for (int group = 0; group < work.length; group++) {
        assertEquals(division.groups().get(lane).contains(group), division.isIn(group, lane));
      }
    }
  }

  /** Longest first takes at most 4/3 of the time of the best division (Graham 1969). */
  @Property(tries = 200)
  void noLaneIsMuchLongerThanItMustBe(
      @ForAll("few") long[] work, @ForAll @IntRange(min = 2, max = 4) int threads) {
    LanePlan.Division division = new LanePlan(threads, threads, 0).divide(work);
    long most =
        division.groups().stream()
            .mapToLong(groups -> groups.stream().mapToLong(group -> work[group]).sum())
            .max()
            .orElseThrow();
    long best = best(work, 0, new long[division.count()]);
    assertTrue(3 * most <= 4 * best, () -> most + " where " + best + " is enough");
  }

  @Provide
  Arbitrary<long[]> few() {
    return Arbitraries.longs().between(1, 100).array(long[].class).ofMinSize(2).ofMaxSize(7);
  }

  /** The shortest time of the longest lane over all divisions. */
  private static long best(long[] work, int group, long[] loads) {
    if (group == work.length) {
      return Arrays.stream(loads).max().orElseThrow();
    }
    long best = Long.MAX_VALUE;
    for (int lane = 0; lane < loads.length; lane++) {
      loads[lane] += work[group];
      best = Math.min(best, best(work, group + 1, loads));
      loads[lane] -= work[group];
    }
    return best;
  }
}
