package io.sgpo.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.run.RoundReport;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.StandardOptions;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The engines as a user of the builder meets them. */
class EngineServicesTest {

  private static final TinyWorld WORLD = new TinyWorld(3);
  private static final PreferenceModel JUDGE = TinyWorld.judge();

  private static void refused(
      Class<? extends RuntimeException> type, Aligner.Builder builder, String... parts) {
    RuntimeException refusal = assertThrows(type, builder::build);
    for (String part : parts) {
      assertTrue(String.valueOf(refusal.getMessage()).contains(part), refusal.getMessage());
    }
  }

  @Test
  void theExampleOfTheReadmeRuns() {
    List<RoundReport> rounds = new ArrayList<>();
    try (TabularPolicy policy = WORLD.policy()) {
      Alignment result =
          Aligner.builder()
              .policy(policy)
              .seedPreferences(WORLD.seeds())
              .prompts(TinyWorld.PROMPTS)
              .epsilon(0.01)
              .tangents(6)
              .rounds(3)
              .onRound(rounds::add)
              .build()
              .align();
      assertEquals(result.rounds(), rounds);
      assertEquals(3, result.lastRound().round());
    }
  }

  @Test
  void theExampleOfSlhfRuns() {
    try (TabularPolicy policy = WORLD.policy().withFollowUps(Refiner.IMPROVE_INSTRUCTION)) {
      Alignment game =
          Aligner.builder()
              .engine("slhf")
              .policy(policy)
              .prompts(TinyWorld.PROMPTS)
              .preferenceModel(JUDGE)
              .leaderKl(0.001)
              .followerKl(0.001)
              .timescaleRatio(5)
              .steps(3)
              .build()
              .align();
      assertEquals("slhf", game.engine());
    }
  }

  @Test
  void unknownEnginesAndFollowersListThoseThereAre() {
    refused(
        IllegalArgumentException.class,
        Aligner.builder().engine("ppo"),
        "\"ppo\"",
        "dpo, iterative-dpo, nash-md, rloo, slhf, spa, ssapo");
    refused(
        IllegalArgumentException.class, Aligner.builder().follower("guess"), "\"guess\"", "exact");
  }

  @Test
  void anOptionThatTheEngineDoesNotReadIsRefused() {
    try (TabularPolicy policy = WORLD.policy()) {
      refused(
          IllegalStateException.class,
          WORLD.rounds(policy).engine("iterative-dpo").epsilon(0.1),
          "iterative-dpo",
          "epsilon");
      refused(IllegalStateException.class, WORLD.rounds(policy).leaderKl(1), "ssapo", "leaderKl");
      refused(
          IllegalStateException.class,
          WORLD.rounds(policy).preferenceModel(JUDGE),
          "ssapo",
          "preferenceModel");
      refused(IllegalStateException.class, WORLD.rounds(policy).engine("dpo"), "dpo", "prompts");
    }
  }

  @Test
  void whatAnEngineNeedsMustBeSet() {
    try (TabularPolicy policy = WORLD.policy()) {
      for (String engine : List.of("ssapo", "iterative-dpo", "slhf", "rloo", "nash-md", "dpo")) {
        refused(IllegalStateException.class, Aligner.builder().engine(engine), "policy");
      }
      refused(IllegalStateException.class, Aligner.builder().policy(policy), "seedPreferences");
      refused(IllegalStateException.class, WORLD.aligner(policy), "prompts");
      refused(
          IllegalStateException.class,
          Aligner.builder().engine("slhf").policy(policy).prompts(TinyWorld.PROMPTS),
          "preferenceModel");
    }
  }

  @Test
  void contradictionsAreNamedWithTheirValues() {
    try (TabularPolicy policy = WORLD.policy()) {
      refused(
          IllegalStateException.class,
          WORLD.rounds(policy).epsilon(0.01).relativeRadius(0.3),
          "epsilon",
          "relativeRadius",
          "0.01",
          "0.3");
      refused(
          IllegalStateException.class,
          WORLD.rounds(policy).warmStartSteps(4).warmStartEpochs(5),
          "warmStartSteps",
          "warmStartEpochs",
          "4 and 5");
      refused(
          IllegalStateException.class,
          WORLD.rounds(policy).stepsPerRound(4).epochsPerRound(5),
          "stepsPerRound",
          "epochsPerRound");
      refused(
          IllegalStateException.class,
          WORLD.aligner(policy).engine("dpo").steps(4).epochs(5),
          "steps",
          "epochs");
      refused(IllegalStateException.class, WORLD.rounds(policy).rounds(13), "rounds was 13", "12");
      refused(
          IllegalArgumentException.class,
          WORLD.rounds(policy).samplesPerPrompt(1),
          "samplesPerPrompt",
          ">= 2",
          "1");
    }
  }

  private static final Option<Integer> REPETITIONS =
      Option.of("repetitions", Integer.class, "must be >= 1", value -> value >= 1);

  /** An engine of someone else's with an option of its own. */
  private static final class Repeating implements AlignmentEngine {

    @Override
    public String name() {
      return "repeating";
    }

    @Override
    public Set<Option<?>> options() {
      return Set.of(StandardOptions.POLICY, REPETITIONS);
    }

    @Override
    public Run prepare(Options options, AlignmentListener listener) {
      int repetitions = options.require(REPETITIONS);
      return () -> {
        for (int i = 0; i < repetitions; i++) {
          listener.onWarning("repetition " + i);
        }
        return new Alignment(name(), List.of());
      };
    }
  }

  @Test
  void anEngineOfSomeoneElsesHasOptionsOfItsOwn() {
    List<String> warnings = new ArrayList<>();
    Alignment result =
        Aligner.builder()
            .engine(new Repeating())
            .option(REPETITIONS, 2)
            .listener(
                new AlignmentListener() {
                  @Override
                  public void onWarning(String message) {
                    warnings.add(message);
                  }
                })
            .build()
            .align();
    assertEquals("repeating", result.engine());
    assertEquals(List.of("repetition 0", "repetition 1"), warnings);
    refused(IllegalStateException.class, Aligner.builder().engine(new Repeating()), "repetitions");
    assertThrows(IllegalArgumentException.class, () -> Aligner.builder().option(REPETITIONS, 0));
  }
}
