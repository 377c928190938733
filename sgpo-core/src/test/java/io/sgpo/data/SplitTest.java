package io.sgpo.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.preference.PreferencePair;
import io.sgpo.testing.Refusals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SplitTest {

  private static final List<PreferencePair> PAIRS =
      IntStream.range(0, 2000)
          .mapToObj(
              i -> PreferencePair.of(Conversation.user("question " + i % 1000), "a" + i, "b" + i))
          .toList();

  private static Split<PreferencePair> split(List<PreferencePair> rows, double share, long seed) {
    return Split.byPrompt(rows, PreferencePair::prompt, share, seed);
  }

  @Test
  void aPromptIsOnOneSideAndTheShareIsMetOnAverage() {
    Split<PreferencePair> split = split(PAIRS, 0.2, 7);
    HashSet<Object> prompts = new HashSet<>(split.train().stream().map(p -> p.prompt()).toList());
    assertTrue(split.heldOut().stream().noneMatch(pair -> prompts.contains(pair.prompt())));
    assertEquals(2000, split.train().size() + split.heldOut().size());
    assertEquals(
        400, split.heldOut().size(), 100); // 4 standard deviations of 2 Binomial(1000, 0.2)
    assertEquals(List.of(), split(PAIRS, 0, 7).heldOut());
    assertEquals(List.of(), split(PAIRS, 1, 7).train());
  }

  @Test
  void whereARowGoesDependsOnItsPromptAndTheSeedOnly() {
    Split<PreferencePair> all = split(PAIRS, 0.3, 1);
    Split<PreferencePair> some = split(PAIRS.subList(500, 600), 0.3, 1);
    assertTrue(all.heldOut().containsAll(some.heldOut()));
    assertTrue(all.train().containsAll(some.train()));
    assertNotEquals(all, split(PAIRS, 0.3, 2));
  }

  /** Fixed, so that a release does not move rows from one side to the other. */
  @Test
  void theSidesAreTheSameInEveryRelease() {
    List<Integer> heldOut =
        IntStream.range(0, 20)
            .filter(i -> split(PAIRS.subList(i, i + 1), 0.25, 3).train().isEmpty())
            .boxed()
            .toList();
    List<Integer> shuffled = Split.shuffled(IntStream.range(0, 10).boxed().toList(), 5);
    assertEquals(
        List.of(List.of(3, 5, 7, 10, 13, 14, 19), List.of(3, 1, 7, 8, 4, 9, 5, 2, 6, 0)),
        List.of(heldOut, shuffled));
  }

  @Test
  void byPlaceHoldsOutExactlySoMany() {
    List<Integer> rows = IntStream.range(0, 50).boxed().toList();
    int[] counts = new int[50];
    for (long seed = 0; seed < 400; seed++) {
      Split<Integer> split = Split.byPlace(rows, 10, seed);
      assertEquals(10, split.heldOut().size());
      assertEquals(
          rows, Stream.concat(split.train().stream(), split.heldOut().stream()).sorted().toList());
      split.heldOut().forEach(i -> counts[i]++);
    }
    for (int count : counts) {
      assertEquals(80, count, 40); // 5 standard deviations of Binomial(400, 0.2)
    }
    assertEquals(Split.byPlace(rows, 10, 3), Split.byPlace(rows, 10, 3));
  }

  @Test
  void shufflesAreFairPermutations() {
    int[] first = new int[5];
    for (long seed = 0; seed < 1000; seed++) {
      List<Integer> shuffled = Split.shuffled(List.of(0, 1, 2, 3, 4), seed);
      assertEquals(List.of(0, 1, 2, 3, 4), new ArrayList<>(shuffled).stream().sorted().toList());
      first[shuffled.get(0)]++;
    }
    for (int count : first) {
      assertEquals(200, count, 64); // 5 standard deviations of Binomial(1000, 0.2)
    }
  }

  @Test
  void domains() {
    Refusals.assertNames(
        IllegalArgumentException.class, () -> split(PAIRS, 1.5, 0), "heldOut", "1.5");
    Refusals.assertNames(
        IllegalArgumentException.class, () -> split(PAIRS, Double.NaN, 0), "heldOut", "NaN");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> Split.byPlace(List.of(1, 2), 3, 0),
        "heldOut",
        "[0, 2]",
        "3");
  }
}
