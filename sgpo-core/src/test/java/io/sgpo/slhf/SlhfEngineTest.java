package io.sgpo.slhf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.Refinement;
import io.sgpo.Refiner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Schedule;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.RoundReport;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlhfEngineTest {

  private static final double TAU = 0.2;
  private static final double BOUND = 0.003;

  private static Aligner.Builder aligner(Game game, TabularPolicy policy) {
    return Aligner.builder()
        .engine("slhf")
        .policy(policy)
        .prompts(Collections.nCopies(128, Game.PROMPT))
        .preferenceModel(game.judge())
        .improveInstruction(Game.INSTRUCTION)
        .temperature(1)
        .batchSize(128)
        .learningRate(0.01);
  }

  /**
   * Trains under a payoff and measures the distance from each payoff's fixed point.
   *
   * @return the certificate by payoff
   */
  private static Map<LeaderPayoff, Double> certificates(Game game, LeaderPayoff payoff) {
    try (TabularPolicy policy = game.policy()) {
      aligner(game, policy)
          .leaderKl(TAU)
          .followerKl(TAU)
          .option(SlhfEngine.LEADER_PAYOFF, payoff)
          .learningRate(0.006)
          .steps(1000)
          .seed(1)
          .build()
          .align();
      Map<LeaderPayoff, Double> certificates = new EnumMap<>(LeaderPayoff.class);
      for (LeaderPayoff target : LeaderPayoff.values()) {
        double certificate = game.certificate(policy, TAU, TAU, target);
        assertTrue(certificate >= 0);
        certificates.put(target, certificate);
      }
      return certificates;
    }
  }

  private static double before(Game game, LeaderPayoff target) {
    try (TabularPolicy policy = game.policy()) {
      return game.certificate(policy, TAU, TAU, target);
    }
  }

  @Test
  void rockPaperScissorsReachesItsEquilibriumUnderEitherPayoff() {
    Game game = Game.rockPaperScissors();
    assertTrue(before(game, LeaderPayoff.GAME) > 0.1);
    for (LeaderPayoff payoff : LeaderPayoff.values()) {
      assertBelow(BOUND, certificates(game, payoff).getOrDefault(LeaderPayoff.GAME, Double.NaN));
    }
  }

  /** Each payoff reaches its own fixed point; the published one's is not the game's. */
  @Test
  void randomGamesReachTheEquilibriumOfTheirPayoff() {
    for (long seed = 1; seed <= 2; seed++) {
      Game game = Game.random(4, seed);
      for (LeaderPayoff payoff : LeaderPayoff.values()) {
        assertTrue(before(game, payoff) > 0.1);
        Map<LeaderPayoff, Double> certificates = certificates(game, payoff);
        certificates.forEach(
            (target, certificate) -> {
              if (target == payoff) {
                assertBelow(BOUND, certificate);
              } else {
                assertTrue(certificate > 2 * BOUND, "certificate " + certificate);
              }
            });
      }
    }
  }

  /** κ is then the ratio of two learning rates. */
  @Test
  void playersWithTablesOfTheirOwnReachTheEquilibrium() {
    Game game = Game.rockPaperScissors();
    try (TabularPolicy shared = game.policy();
        TabularPolicy policy = shared.withFollowerWeights()) {
      aligner(game, policy)
          .leaderKl(TAU)
          .followerKl(TAU)
          .timescaleRatio(2)
          .learningRate(0.006)
          .steps(1000)
          .build()
          .align();
      assertBelow(BOUND, game.certificate(policy, TAU, TAU, LeaderPayoff.GAME));
    }
  }

  @Test
  void theRateFollowsItsSchedule() {
    Game game = Game.rockPaperScissors();
    try (TabularPolicy policy = game.policy();
        FrozenPolicy before = policy.reference()) {
      aligner(game, policy)
          .schedule(new Schedule(Schedule.Shape.COSINE, 1))
          .steps(1)
          .build()
          .align();
      try (FrozenPolicy after = policy.reference()) {
        assertEquals(before.digest(), after.digest());
      }
      aligner(game, policy).schedule(Schedule.of(Schedule.Shape.COSINE)).steps(1).build().align();
      try (FrozenPolicy after = policy.reference()) {
        assertNotEquals(before.digest(), after.digest());
      }
    }
  }

  private static void assertBelow(double bound, double certificate) {
    assertTrue(certificate < bound, "certificate " + certificate);
  }

  @Test
  void theFollowerLearnsTheCycle() {
    try (TabularPolicy policy = Game.rockPaperScissors().policy()) {
      Alignment result =
          aligner(Game.rockPaperScissors(), policy)
              .leaderKl(0.05)
              .followerKl(0.05)
              .steps(400)
              .learningRate(0.05)
              .build()
              .align();
      assertTrue(value(result.rounds().get(0), Metrics.FOLLOWER_PREFERENCE) < 0.8);
      assertTrue(value(result.lastRound(), Metrics.FOLLOWER_PREFERENCE) > 0.85);
      assertTrue(value(result.lastRound(), Metrics.FOLLOWER_KL) > 0.5);
      Refinement walk =
          Refiner.of(policy).instruction(Game.INSTRUCTION).refine(Game.PROMPT, "answer 0", 3);
      List<String> texts = walk.answers().stream().map(response -> response.text()).toList();
      assertEquals(List.of("answer 0", "answer 2", "answer 1", "answer 0"), texts);
    }
  }

  private static double value(RoundReport report, Metric metric) {
    return report.metrics().get(metric).orElseThrow();
  }

  @Test
  void stepsAreReportedInTenRounds() {
    Game game = Game.random(3, 5);
    try (TabularPolicy policy = game.policy()) {
      Alignment result = aligner(game, policy).steps(25).build().align();
      assertEquals(10, result.rounds().size());
      double steps = 0;
      for (RoundReport report : result.rounds()) {
        steps += value(report, Metrics.STEPS);
      }
      assertEquals(25, steps);
    }
    try (TabularPolicy policy = game.policy()) {
      assertEquals(2, aligner(game, policy).epochs(2).build().align().rounds().size());
    }
  }

  @Test
  void theSameSeedGivesTheSameBytesInAnyMicroBatch() {
    Game game = Game.random(3, 5);
    String once = digest(game, 1, 8);
    assertEquals(once, digest(game, 1, 8));
    assertEquals(once, digest(game, 1, 3));
    assertNotEquals(once, digest(game, 2, 8));
  }

  private static String digest(Game game, long seed, int microBatch) {
    try (TabularPolicy policy = game.policy()) {
      aligner(game, policy).steps(5).seed(seed).microBatchSize(microBatch).build().align();
      try (FrozenPolicy frozen = policy.reference()) {
        return frozen.digest();
      }
    }
  }

  /** A judge that ties everything leaves the KL term alone, which is 0 at the reference. */
  @Test
  void tiesHaveNoAdvantage() {
    Game game = Game.random(3, 5);
    try (TabularPolicy policy = game.policy()) {
      double[] before = policy.probabilities(Game.PROMPT);
      Alignment result =
          aligner(game, policy)
              .preferenceModel(PreferenceModel.of(c -> 0.5))
              .steps(3)
              .build()
              .align();
      assertEquals(3 * 128, sum(result, Metrics.TIES));
      for (int k = 0; k < before.length; k++) {
        assertEquals(before[k], policy.probabilities(Game.PROMPT)[k], 1e-15);
      }
    }
  }

  private static double sum(Alignment result, Metric metric) {
    return result.rounds().stream().mapToDouble(report -> value(report, metric)).sum();
  }

  @Test
  void abstentionsAndFailuresContributeNothing() {
    Game game = Game.random(3, 5);
    PreferenceModel undecided =
        comparisons -> {
          List<Verdict> verdicts = new ArrayList<>();
          for (int i = 0; i < comparisons.size(); i++) {
            verdicts.add(
                i % 2 == 0 ? new Verdict.Abstention("unsure") : new Verdict.Failure("offline"));
          }
          return verdicts;
        };
    List<String> warnings = new ArrayList<>();
    try (TabularPolicy policy = game.policy()) {
      String before = digest(policy);
      Alignment result =
          aligner(game, policy)
              .preferenceModel(undecided)
              .steps(1)
              .listener(warnings(warnings))
              .build()
              .align();
      assertEquals(before, digest(policy));
      assertEquals(64, value(result.lastRound(), Metrics.ABSTENTIONS));
      assertEquals(64, value(result.lastRound(), Metrics.FAILURES));
      assertEquals(0, value(result.lastRound(), Metrics.STEPS));
      assertTrue(warnings.get(0).contains("failed at 64 of 128 comparisons"), warnings.toString());
      assertTrue(warnings.get(0).contains("offline"), warnings.toString());
      assertTrue(warnings.get(1).contains("declined 64 of 128 comparisons"), warnings.toString());
      assertTrue(warnings.get(1).contains("unsure"), warnings.toString());
      assertTrue(warnings.get(2).contains("1 steps were skipped"), warnings.toString());
    }
  }

  private static String digest(TabularPolicy policy) {
    try (FrozenPolicy frozen = policy.reference()) {
      return frozen.digest();
    }
  }

  private static AlignmentListener warnings(List<String> into) {
    return new AlignmentListener() {
      @Override
      public void onWarning(String message) {
        into.add(message);
      }
    };
  }

  @Test
  void aMissingKlTermIsWarnedOf() {
    Game game = Game.random(3, 5);
    List<String> warnings = new ArrayList<>();
    try (TabularPolicy policy = game.policy()) {
      aligner(game, policy)
          .leaderKl(0)
          .followerKl(0)
          .steps(1)
          .listener(warnings(warnings))
          .build()
          .align();
    }
    assertTrue(warnings.get(0).startsWith("leaderKl"));
    assertTrue(warnings.get(1).startsWith("followerKl"));
  }

  @Test
  void tokenPromptsAreRefusedByRow() {
    Game game = Game.random(3, 5);
    try (TabularPolicy policy = game.policy()) {
      List<Prompt> prompts = List.of(Conversation.user("x"), TokenPrompt.of(1));
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> aligner(game, policy).prompts(prompts).build());
      assertTrue(String.valueOf(refusal.getMessage()).startsWith("prompt 1 must be"));
    }
  }
}
