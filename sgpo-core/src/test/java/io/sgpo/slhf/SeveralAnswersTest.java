package io.sgpo.slhf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.onpolicy.Contest;
import io.sgpo.onpolicy.Move;
import io.sgpo.onpolicy.MoveGradient;
import io.sgpo.onpolicy.Play;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Metric;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.run.Options;
import io.sgpo.run.StepReport;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.spi.StandardOptions.KlEstimator;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several answers per prompt, the leader's pace, penalties, and what is then reported. */
class SeveralAnswersTest {

  private static final Game GAME = Game.random(3, 5);

  private static Aligner.Builder aligner(TabularPolicy policy) {
    return Aligner.builder()
        .engine("slhf")
        .policy(policy)
        .prompts(Collections.nCopies(8, Game.PROMPT))
        .preferenceModel(GAME.judge())
        .improveInstruction(Game.INSTRUCTION)
        .temperature(1)
        .batchSize(8)
        .learningRate(0.01);
  }

  private static double value(MetricValues metrics, Metric metric) {
    return metrics.get(metric).orElseThrow();
  }

  @Test
  void everyAnswerIsTrainedOn() {
    List<Long> tokens = new ArrayList<>();
    try (TabularPolicy policy = GAME.policy()) {
      Alignment result =
          aligner(policy)
              .samplesPerPrompt(2)
              .option(SlhfEngine.FOLLOWER_SAMPLES, 3)
              .baseline(Baseline.LEAVE_ONE_OUT)
              .steps(1)
              .listener(tokens(tokens))
              .build()
              .align();
      // 8 prompts of 2 answers, and 3 to each
      assertEquals(List.of(8L * (2 + 2 * 3)), tokens);
      MetricValues metrics = result.lastRound().metrics();
      assertEquals(
          1,
          value(metrics, Metrics.LEADER_PREFERENCE) + value(metrics, Metrics.FOLLOWER_PREFERENCE),
          1e-12);
      assertEquals(0, value(metrics, StackelbergGda.LEADER.advantage()), 1e-12);
      assertEquals(0, value(metrics, StackelbergGda.FOLLOWER.advantage()), 1e-12);
      assertTrue(value(metrics, StackelbergGda.LEADER.advantageDeviation()) > 0);
      assertEquals(1, value(metrics, StackelbergGda.LEADER.length()));
      assertEquals(0, value(metrics, StackelbergGda.FOLLOWER.unfinished()));
      assertTrue(value(metrics, StackelbergGda.FOLLOWER.entropy()) > 0);
    }
  }

  private static AlignmentListener tokens(List<Long> into) {
    return new AlignmentListener() {
      @Override
      public void onStep(StepReport step) {
        into.add(step.result().tokens());
      }
    };
  }

  @Test
  void theLeaderWaitsForItsTurn() {
    List<Long> tokens = new ArrayList<>();
    try (TabularPolicy policy = GAME.policy()) {
      double[] before = policy.probabilities(Game.PROMPT);
      aligner(policy)
          .option(SlhfEngine.LEADER_EVERY, 3)
          .steps(2)
          .listener(tokens(tokens))
          .build()
          .align();
      assertEquals(before[0], policy.probabilities(Game.PROMPT)[0]);
      aligner(policy)
          .option(SlhfEngine.LEADER_EVERY, 3)
          .steps(3)
          .listener(tokens(tokens))
          .build()
          .align();
      assertNotEquals(before[0], policy.probabilities(Game.PROMPT)[0]);
    }
    assertEquals(List.of(8L, 8L, 8L, 8L, 16L), tokens);
  }

  @Test
  void leavingOneOutNeedsAnother() {
    try (TabularPolicy policy = GAME.policy()) {
      IllegalStateException refusal =
          assertThrows(
              IllegalStateException.class,
              () -> aligner(policy).baseline(Baseline.LEAVE_ONE_OUT).build());
      assertEquals(
          "baseline LEAVE_ONE_OUT needs samplesPerPrompt >= 2, but it was 1", refusal.getMessage());
    }
  }

  @Test
  void anEstimatorThatIsNotTheGradientIsWarnedOf() {
    List<String> warnings = new ArrayList<>();
    try (TabularPolicy policy = GAME.policy()) {
      aligner(policy)
          .klEstimator(KlEstimator.K3)
          .steps(1)
          .listener(
              new AlignmentListener() {
                @Override
                public void onWarning(String message) {
                  warnings.add(message);
                }
              })
          .build()
          .align();
    }
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).startsWith("klEstimator should be K1, but was K3"));
  }

  /** A leader's answer of which one comparison was decided is paid that one alone. */
  @Test
  void undecidedComparisonsCountForNothing() {
    PreferenceModel everySecond =
        comparisons -> {
          List<Verdict> verdicts = new ArrayList<>(GAME.judge().compare(comparisons));
          for (int i = 0; i < verdicts.size(); i += 2) {
            verdicts.set(i, new Verdict.Abstention("unsure"));
          }
          return verdicts;
        };
    List<Long> tokens = new ArrayList<>();
    try (TabularPolicy policy = GAME.policy()) {
      Alignment result =
          aligner(policy)
              .preferenceModel(everySecond)
              .option(SlhfEngine.FOLLOWER_SAMPLES, 2)
              .steps(1)
              .listener(tokens(tokens))
              .build()
              .align();
      assertEquals(List.of(16L), tokens);
      assertEquals(8, value(result.lastRound().metrics(), Metrics.ABSTENTIONS));
    }
  }

  private static Move move(boolean leader, Response.Finish finish) {
    Response response = new Response("y", Tokens.of(1), finish);
    Sample sample = new Sample(new Exchange(Game.PROMPT, response), LogProbs.of(-1), -1);
    return Move.of(leader ? StackelbergGda.LEADER : StackelbergGda.FOLLOWER, sample);
  }

  /** P = 0.7 − 0.25 for a leader that was cut off; the follower's payoff stays 0.3. */
  @Test
  void aMissingEndIsPaidByItsPlayer() {
    Options options =
        Options.none()
            .with(StandardOptions.POLICY, GAME.policy())
            .with(StandardOptions.PROMPTS, List.of(Game.PROMPT))
            .with(StandardOptions.PREFERENCE_MODEL, GAME.judge())
            .with(StandardOptions.MISSING_EOS_PENALTY, 0.25);
    StackelbergGda algorithm = new StackelbergGda(SlhfOptions.from(options));
    LogProbs score = LogProbs.of(-1);
    for (boolean leaderCut : new boolean[] {true, false}) {
      List<Move> moves =
          List.of(
              move(true, leaderCut ? Response.Finish.LENGTH : Response.Finish.STOP),
              move(false, leaderCut ? Response.Finish.STOP : Response.Finish.LENGTH));
      Play play =
          new Play(
              moves, List.of(new Contest(0, 1)), List.of(0.7), List.of(), List.of(score, score));
      List<MoveGradient> gradients = algorithm.gradient(play, List.of(score, score));
      assertEquals(leaderCut ? -0.05 : 0.2, gradients.get(0).advantage(), 1e-12);
      assertEquals(leaderCut ? -0.2 : -0.45, gradients.get(1).advantage(), 1e-12);
    }
    assertFalse(move(true, Response.Finish.GIVEN).isUnfinished());
  }
}
