package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LanePlanTest {

  private static final long GIBIBYTE = 1L << 30;

  private static LanePlan.Division divide(int threads, long... work) {
    return new LanePlan(threads, threads, 0).divide(work);
  }

  private static long[] equal(int count) {
    long[] work = new long[count];
    Arrays.fill(work, 7);
    return work;
  }

  @Test
  void equalGroupsGoSideBySide() {
    LanePlan.Division division = divide(2, equal(4));
    assertEquals(1, division.threadsEach());
    assertEquals(List.of(Set.of(0, 2), Set.of(1, 3)), division.groups());
  }

  @Test
  void theLongestGroupsAreDividedFirst() {
    assertEquals(List.of(Set.of(3, 0, 4), Set.of(2, 1)), divide(2, 30, 45, 50, 60, 25).groups());
  }

  /** Two lanes would take as long as the longer one, on one thread. */
  @Test
  void groupsThatDivideBadlyGoTogether() {
    assertEquals(new LanePlan.Division(List.of(Set.of(0, 1)), 2), divide(2, 100, 10));
    assertEquals(1, divide(2, equal(3)).count());
    assertEquals(1, divide(4, 5).count());
    assertEquals(1, divide(1, equal(4)).count());
  }

  /** Ten groups on 16 threads: five lanes of two groups, three threads each. */
  @Test
  void fewerLanesHaveMoreThreadsEach() {
    LanePlan.Division division = divide(16, equal(10));
    assertEquals(5, division.count());
    assertEquals(3, division.threadsEach());
    assertEquals(16, divide(16, equal(32)).count());
  }

  /** Two groups of 40 tokens are not worth a second set of gradients of as much. */
  @Test
  void lanesThatCostMoreThanTheySaveAreNotMade() {
    LanePlan dear = new LanePlan(2, 2, 40);
    assertEquals(1, dear.divide(new long[] {40, 40}).count());
    assertEquals(2, dear.divide(new long[] {400, 400}).count());
  }

  @Test
  void whatLanesHaveOfTheirOwnIsBounded() {
    assertEquals(1, LanePlan.training(8, GIBIBYTE).most());
    assertEquals(3, LanePlan.training(8, GIBIBYTE / 4).most());
    assertEquals(2, LanePlan.drawing(8, GIBIBYTE / 4).most());
    assertEquals(8, LanePlan.training(8, 1000).most());
    assertEquals(5, LanePlan.drawing(5, 0).most());
    assertEquals(8, LanePlan.training(64, 0).most());
    assertEquals(2, LanePlan.scoring(8, GIBIBYTE / 4, 1000).most());
    assertEquals(1, LanePlan.scoring(8, GIBIBYTE, 1000).most());
  }

  /** At the dimensions of 500 million weights an operation has enough for all threads. */
  @Test
  void largeLayersAreScoredByAllThreads() {
    assertEquals(1, LanePlan.scoring(8, 1000, 15_000_000).most());
    assertEquals(8, LanePlan.scoring(8, 1000, 1_000_000).most());
    long[] few = {400, 400};
    assertEquals(1, LanePlan.scoring(2, 1000, 1000).divide(few).count());
    assertEquals(2, LanePlan.scoring(2, 1000, 1000).divide(new long[] {2000, 2000}).count());
  }

  /** A group that is cut for two lanes has more to do in all. */
  @Test
  void groupsMayDependOnTheNumberOfLanes() {
    LanePlan plan = new LanePlan(3, 3, 0);
    assertEquals(3, plan.divide(new long[] {60, 60, 60}).count());
    assertEquals(1, plan.divide(lanes -> lanes == 1 ? new long[] {60} : equal(0)).count());
    LanePlan.Division dear =
        new LanePlan(2, 2, 0).divide(lanes -> lanes == 1 ? new long[] {100} : new long[] {70, 70});
    assertEquals(new LanePlan.Division(List.of(Set.of(0)), 2), dear);
    LanePlan.Division cheap =
        new LanePlan(2, 2, 0).divide(lanes -> lanes == 1 ? new long[] {100} : new long[] {52, 52});
    assertEquals(new LanePlan.Division(List.of(Set.of(0), Set.of(1)), 1), cheap);
  }
}
