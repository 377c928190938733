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
    LanePlan.Division division = new LanePlan(threads, Math.min(most, threads)).divide(work);
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

  /** Longest first is at most 4/3 of the best (Graham 1969), and no worse than what is sure. */
  @Property
  void noLaneIsMuchLongerThanItMustBe(
      @ForAll("work") long[] work, @ForAll @IntRange(min = 2, max = 8) int threads) {
    LanePlan.Division division = new LanePlan(threads, threads).divide(work);
    long most =
        division.groups().stream()
            .mapToLong(groups -> groups.stream().mapToLong(group -> work[group]).sum())
            .max()
            .orElseThrow();
    long sum = Arrays.stream(work).sum();
    long longest = Arrays.stream(work).max().orElseThrow();
    assertTrue(most <= (double) sum / division.count() + longest, "a lane of " + most);
  }
}
