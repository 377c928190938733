package io.sgpo.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.judge.RewardFunction;
import io.sgpo.onpolicy.EnumeratedGame;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Alignment;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.solvers.game.Distribution;
import io.sgpo.solvers.game.NashMirrorDescent;
import io.sgpo.solvers.game.NashOptions;
import io.sgpo.solvers.game.PreferenceGame;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.tabular.TabularPolicy;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Where RLOO and Nash-MD end on tables, against closed forms and the game's own solver. */
class FixedPointsTest {

  private static final double TAU = 0.2;

  /** On τ KL(π ‖ target). */
  private static final double BOUND = 0.001;

  private static double[] train(EnumeratedGame game, UnaryOperator<Aligner.Builder> settings) {
    try (TabularPolicy policy = game.policy()) {
      settings.apply(aligner(game, policy)).build().align();
      return policy.probabilities(EnumeratedGame.PROMPT);
    }
  }

  private static Aligner.Builder aligner(EnumeratedGame game, TabularPolicy policy) {
    return Aligner.builder()
        .policy(policy)
        .prompts(Collections.nCopies(64, EnumeratedGame.PROMPT))
        .preferenceModel(game.judge())
        .leaderKl(TAU)
        .temperature(1)
        .batchSize(64)
        .learningRate(0.01)
        .steps(600)
        .seed(1);
  }

  private static double certificate(double[] policy, double[] target) {
    return TAU * Distribution.of(policy).klFrom(Distribution.of(target));
  }

  private static void assertReached(EnumeratedGame game, double[] target, double[] policy) {
    double before = certificate(game.probabilities(game.references, 0), target);
    assertTrue(before > 5 * BOUND, "before " + before);
    double after = certificate(policy, target);
    assertTrue(after < BOUND, "after " + after);
  }

  private static double[] nash(EnumeratedGame game) {
    PreferenceGame finite =
        PreferenceGame.of(game.preference)
            .withLeaderReference(Distribution.of(game.probabilities(game.references, 0)));
    return new NashMirrorDescent(NashOptions.builder().build())
        .solve(finite, TAU)
        .leader()
        .toArray();
  }

  /** π_ref exp(scores / τ), normalised. */
  private static double[] tilted(EnumeratedGame game, double[] scores) {
    double[] logits = game.references.clone();
    for (int k = 0; k < scores.length; k++) {
      logits[k] += scores[k] / TAU;
    }
    return game.probabilities(logits, 0);
  }

  @Test
  void rlooReachesTheRegularisedNashPolicyOfACycle() {
    EnumeratedGame game = EnumeratedGame.cycle();
    for (int n = 2; n <= 3; n++) {
      int samples = n;
      assertReached(game, nash(game), train(game, b -> b.engine("rloo").samplesPerPrompt(samples)));
    }
  }

  /** With a preference that is linear in utilities the Nash policy is π_ref exp(u / 2τ). */
  @Test
  void rlooReachesTheClosedFormOfATransitivePreference() {
    double[] utilities = {0.1, 0.9, 0.4, 0.6};
    EnumeratedGame game = EnumeratedGame.transitive(utilities);
    double[] halves = {0.05, 0.45, 0.2, 0.3};
    assertReached(game, tilted(game, halves), train(game, b -> b.engine("rloo")));
  }

  /** Rewards of the judge, in place of preferences. */
  private static final class Rewards implements PreferenceModel, RewardFunction {
    private static final double[] OF_ANSWERS = {0.1, 0.7, 0.3};

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
      throw new AssertionError("rewards must be asked for, not preferences");
    }

    @Override
    public double[] scores(List<Exchange> exchanges) {
      return exchanges.stream()
          .mapToDouble(exchange -> OF_ANSWERS[exchange.response().tokens().get(0)])
          .toArray();
    }
  }

  @Test
  void rlooReachesTheClosedFormOfAReward() {
    EnumeratedGame game = EnumeratedGame.cycle();
    double[] policy =
        train(
            game,
            b ->
                b.engine("rloo")
                    .preferenceModel(new Rewards())
                    .option(RlooEngine.REWARD, RlooReward.SCALAR));
    assertReached(game, tilted(game, Rewards.OF_ANSWERS), policy);
  }

  @Test
  void scalarRewardsNeedAJudgeThatHasThem() {
    EnumeratedGame game = EnumeratedGame.cycle();
    try (TabularPolicy policy = game.policy()) {
      Aligner.Builder builder =
          aligner(game, policy).engine("rloo").option(RlooEngine.REWARD, RlooReward.SCALAR);
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, builder::build);
      assertTrue(String.valueOf(refusal.getMessage()).contains("RewardFunction"));
    }
  }

  @Test
  void nashMdAgainstItselfReachesTheRegularisedNashPolicy() {
    EnumeratedGame game = EnumeratedGame.cycle();
    double[] nash = nash(game);
    assertReached(
        game, nash, train(game, b -> b.engine("nash-md").option(NashMdEngine.MIXTURE, 0.0)));
  }

  @Test
  void nashMdReachesTheFixedPointOfItsMixture() {
    EnumeratedGame game = EnumeratedGame.cycle();
    double mixture = 0.5;
    double[] target = nashMd(game, mixture);
    assertTrue(certificate(nash(game), target) > BOUND, "the fixed points must differ");
    double[] policy =
        train(
            game,
            b ->
                b.engine("nash-md")
                    .option(NashMdEngine.MIXTURE, mixture)
                    .samplesPerPrompt(2)
                    .baseline(Baseline.LEAVE_ONE_OUT));
    assertReached(game, target, policy);
  }

  /** π ∝ π_ref exp(p(· ≻ π^(1−m) π_ref^m) / τ), by damped iteration on the logits. */
  private static double[] nashMd(EnumeratedGame game, double mixture) {
    double[] logits = game.references.clone();
    for (int t = 0; t < 5000; t++) {
      double[] mixed = logits.clone();
      for (int k = 0; k < game.size(); k++) {
        mixed[k] = (1 - mixture) * logits[k] + mixture * game.references[k];
      }
      double[] opponent = game.probabilities(mixed, 0);
      for (int k = 0; k < game.size(); k++) {
        double payoff = 0;
        for (int j = 0; j < game.size(); j++) {
          payoff += opponent[j] * game.preference[k][j];
        }
        logits[k] += 0.05 * (game.references[k] + payoff / TAU - logits[k]);
      }
    }
    return game.probabilities(logits, 0);
  }

  @Test
  void bothReportOnePlayer() {
    EnumeratedGame game = EnumeratedGame.cycle();
    for (String engine : List.of("rloo", "nash-md")) {
      try (TabularPolicy policy = game.policy()) {
        Alignment result = aligner(game, policy).engine(engine).steps(20).build().align();
        MetricValues metrics = result.lastRound().metrics();
        assertEquals(2, metrics.get(Metrics.STEPS).orElseThrow());
        assertEquals(1, metrics.get(Rloo.POLICY.length()).orElseThrow());
        assertEquals(0, metrics.get(Rloo.POLICY.unfinished()).orElseThrow());
        assertTrue(metrics.get(Rloo.POLICY.kl()).orElseThrow() > -0.1);
        assertTrue(metrics.get(Rloo.POLICY.entropy()).orElseThrow() > 0.5);
        assertTrue(metrics.get(Rloo.POLICY.advantageDeviation()).orElseThrow() > 0.01);
        assertEquals(
            engine.equals("nash-md"), metrics.get(NashMd.OPPONENT.preference()).isPresent());
      }
    }
  }
}
