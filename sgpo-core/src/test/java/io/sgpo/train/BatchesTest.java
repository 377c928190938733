package io.sgpo.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchesTest {

  @Property(tries = 100)
  void everyEpochHoldsEveryItemOnce(
      @ForAll @IntRange(min = 1, max = 40) int items,
      @ForAll @IntRange(min = 1, max = 50) int batchSize,
      @ForAll long seed) {
    Batches batches = new Batches(items, batchSize, seed, "test", 1);
    int perEpoch = Extent.epochs(1).steps(items, batchSize);
    for (int epoch = 0; epoch < 3; epoch++) {
      TreeSet<Integer> seen = new TreeSet<>();
      int count = 0;
      for (int b = 0; b < perEpoch; b++) {
        int[] batch = batches.next();
        count += batch.length;
        Arrays.stream(batch).forEach(seen::add);
        assertTrue(batch.length == batchSize || b == perEpoch - 1);
      }
      assertEquals(items, count);
      assertEquals(items, seen.size());
    }
  }

  @Test
  void theOrderDependsOnSeedPurposeRoundAndEpoch() {
    int[] first = epoch(1, "train", 1);
    assertArrayEquals(first, epoch(1, "train", 1));
    List<String> others = new ArrayList<>();
    others.add(Arrays.toString(epoch(2, "train", 1)));
    others.add(Arrays.toString(epoch(1, "other", 1)));
    others.add(Arrays.toString(epoch(1, "train", 2)));
    Batches batches = new Batches(50, 50, 1, "train", 1);
    batches.next();
    others.add(Arrays.toString(batches.next()));
    others.forEach(other -> assertNotEquals(Arrays.toString(first), other));
  }

  private static int[] epoch(long seed, String purpose, long round) {
    return new Batches(50, 50, seed, purpose, round).next();
  }

  @Test
  void anExtentIsStepsOrEpochs() {
    assertEquals(7, Extent.steps(7).steps(100, 3));
    assertEquals(2 * 34, Extent.epochs(2).steps(100, 3));
    assertEquals(0, Extent.epochs(0).steps(100, 3));
    assertThrows(IllegalArgumentException.class, () -> Extent.steps(-1));
    assertThrows(
        IllegalStateException.class,
        () -> Extent.epochs(Integer.MAX_VALUE).steps(Integer.MAX_VALUE, 1));
  }

  @Test
  void stepsAndEpochsExcludeEachOther() {
    Options steps = Options.none().with(StandardOptions.STEPS, 7);
    Options both = steps.with(StandardOptions.EPOCHS, 2);
    assertEquals(Extent.steps(7), extent(steps));
    assertEquals(Extent.epochs(3), extent(Options.none()));
    IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> extent(both));
    assertEquals("set either steps or epochs, not both: they were 7 and 2", refusal.getMessage());
  }

  private static Extent extent(Options options) {
    return Extent.from(options, StandardOptions.STEPS, StandardOptions.EPOCHS, Extent.epochs(3));
  }
}
