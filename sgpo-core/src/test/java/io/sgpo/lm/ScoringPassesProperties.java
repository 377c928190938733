package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ScoringPassesProperties {

  private static final ModelConfig CONFIG = ModelConfig.llama(48, 16, 24, 2, 4, 2);

  /** Rows of 1 to 60 tokens, some of which share prompts and some of which score nothing. */
  private static List<Row> rows(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int prompt = random.nextInt(1, 5) * 10;
      int response = random.nextInt(0, 20);
      rows.add(new Row(IntStream.range(0, prompt + response).toArray(), prompt, false));
    }
    return rows;
  }

  @Property(tries = 300)
  void everyRowIsScoredOnceAndTheLimitHoldsForAllLanesTogether(
      @ForAll @IntRange(max = 30) int count,
      @ForAll long seed,
      @ForAll @IntRange(min = 20, max = 500) int maxTokens,
      @ForAll @IntRange(min = 1, max = 8) int threads) {
    List<Row> rows = rows(count, seed);
    Packing packing = Packing.of(CONFIG, maxTokens);
    ScoringPasses scoring =
        ScoringPasses.of(rows, packing, new LanePlan(threads, threads, (int) (seed & 15)));
    List<Integer> scored =
        scoring.passes().stream().flatMap(pass -> pass.members().stream()).sorted().toList();
    assertEquals(
        IntStream.range(0, count).filter(i -> rows.get(i).scores() > 0).boxed().toList(), scored);
    assertTrue(scoring.lanes() * scoring.threadsEach() <= threads, "too many threads");
    if (scoring.lanes() > 1) {
      long atOnce =
          scoring.passes().stream()
              .mapToLong(pass -> pass.tokens() - pass.padding())
              .sorted()
              .skip(Math.max(0, scoring.passes().size() - scoring.lanes()))
              .sum();
      assertTrue(atOnce <= maxTokens, () -> atOnce + " of " + maxTokens + " tokens at once");
      assertTrue(scoring.passes().size() >= scoring.lanes(), "nothing beside the first");
    }
  }
}
