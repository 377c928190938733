package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.PromptEmbedder;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.PreferencePair;
import io.sgpo.spi.StandardOptions.SeedSelection;
import io.sgpo.tabular.TabularPolicy;
import io.sgpo.testing.Refusals;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeedChoiceTest {

  private static final TinyWorld WORLD = new TinyWorld(7);

  /** Pairs whose prompts lie at these degrees on a circle. */
  private static final int[] DEGREES = {0, 1, 2, 3, 180, 4, 5, 90, 6};

  private static final List<PreferencePair> PAIRS =
      IntStream.of(DEGREES)
          .mapToObj(
              degrees ->
                  new PreferencePair(
                      TokenPrompt.of(degrees), Response.of("good"), Response.of("bad")))
          .toList();

  private static final class Circle implements Policy, PromptEmbedder {

    @Override
    public List<float[]> embeddings(List<? extends Prompt> prompts) {
      return prompts.stream().map(Circle::point).toList();
    }

    private static float[] point(Prompt prompt) {
      double angle = Math.toRadians(((TokenPrompt) prompt).tokens().get(0));
      return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
    }

    @Override
    public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
      throw new AssertionError();
    }

    @Override
    public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
      throw new AssertionError();
    }

    @Override
    public void close() {}
  }

  private static List<PreferencePair> choose(
      SeedChoice choice, List<PreferencePair> pairs, Policy policy, long seed) {
    return IntStream.of(choice.indices(pairs, policy, seed)).mapToObj(pairs::get).toList();
  }

  @Test
  void farthestPointsSpreadOut() {
    SeedChoice choice = new SeedChoice(3, SeedSelection.FARTHEST_POINT);
    for (long seed = 0; seed < 20; seed++) {
      List<PreferencePair> chosen = choose(choice, PAIRS, new Circle(), seed);
      assertEquals(3, chosen.size());
      assertTrue(chosen.contains(PAIRS.get(4)) && chosen.contains(PAIRS.get(7)), chosen::toString);
      assertEquals(chosen, choose(choice, PAIRS, new Circle(), seed));
    }
  }

  @Test
  void randomSeedsAreDifferentPairsInTheirOrderAndAFunctionOfTheSeed() {
    SeedChoice choice = new SeedChoice(3, SeedSelection.RANDOM);
    Set<PreferencePair> ever = new HashSet<>();
    for (long seed = 0; seed < 60; seed++) {
      List<PreferencePair> chosen = choose(choice, PAIRS, new Circle(), seed);
      int[] places = chosen.stream().mapToInt(PAIRS::indexOf).toArray();
      assertEquals(3, IntStream.of(places).distinct().count());
      assertTrue(places[0] < places[1] && places[1] < places[2]);
      assertEquals(chosen, choose(choice, PAIRS, new Circle(), seed));
      ever.addAll(chosen);
    }
    assertEquals(PAIRS.size(), ever.size());
    assertEquals(PAIRS, choose(SeedChoice.ALL, PAIRS, new Circle(), 1));
  }

  @Test
  void aRunOnChosenSeedsIsARunOnThesePairs() {
    List<PreferencePair> chosen =
        choose(new SeedChoice(2, SeedSelection.RANDOM), WORLD.seeds(), new Circle(), 0);
    try (TabularPolicy one = WORLD.policy();
        TabularPolicy other = WORLD.policy();
        TabularPolicy all = WORLD.policy()) {
      dpo(one).seedSize(2).build().align();
      dpo(other).seedPreferences(chosen).build().align();
      dpo(all).build().align();
      assertEquals(TinyWorld.digest(one), TinyWorld.digest(other));
      assertNotEquals(TinyWorld.digest(one), TinyWorld.digest(all));
    }
  }

  private static Aligner.Builder dpo(TabularPolicy policy) {
    return Aligner.builder()
        .engine("dpo")
        .policy(policy)
        .seedPreferences(WORLD.seeds())
        .learningRate(0.1)
        .batchSize(1)
        .steps(6);
  }

  @Test
  void whatDoesNotFitIsRefusedWhenBuilt() {
    int pairs = WORLD.seeds().size();
    try (TabularPolicy policy = WORLD.policy()) {
      Refusals.assertNames(
          IllegalStateException.class,
          () -> dpo(policy).seedSize(pairs + 1).build(),
          "seedSize",
          String.valueOf(pairs),
          String.valueOf(pairs + 1));
      Refusals.assertNames(
          IllegalStateException.class,
          () -> dpo(policy).seedSelection(SeedSelection.FARTHEST_POINT).build(),
          "seedSize",
          "FARTHEST_POINT");
      Refusals.assertNames(
          IllegalStateException.class,
          () -> dpo(policy).seedSize(2).seedSelection(SeedSelection.FARTHEST_POINT).build(),
          "seedSelection",
          "FARTHEST_POINT",
          "TabularPolicy");
      Refusals.assertNames(
          IllegalArgumentException.class, () -> dpo(policy).seedSize(0), "seedSize", "0");
    }
  }
}
