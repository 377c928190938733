package io.sgpo.slhf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.onpolicy.Contest;
import io.sgpo.onpolicy.EnumeratedGame;
import io.sgpo.onpolicy.Move;
import io.sgpo.onpolicy.MoveGradient;
import io.sgpo.onpolicy.Play;
import io.sgpo.policy.LogProbs;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.spi.StandardOptions.KlCredit;
import io.sgpo.spi.StandardOptions.KlEstimator;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * What StackelbergGDA's step expects, summed over all answers, against finite differences of what
 * each player is to minimise: the leader τ_L KL(π ‖ π_ref) − E[P], the follower κ E_π[τ_F KL(ω ‖
 * ω_ref) − E_ω[1 − p]].
 */
class ExpectedGradientTest {

  private static final double LEADER_KL = 0.3;
  private static final double FOLLOWER_KL = 0.2;
  private static final double RATIO = 4;
  private static final double TOLERANCE = 1e-8;

  private static final EnumeratedGame GAME = EnumeratedGame.random(3, 11);

  private static Options options() {
    TabularPolicy policy =
        TabularPolicy.uniform(List.of(EnumeratedGame.PROMPT), List.of("0", "1", "2"));
    return Options.none()
        .with(StandardOptions.POLICY, policy)
        .with(StandardOptions.PROMPTS, List.of(EnumeratedGame.PROMPT))
        .with(StandardOptions.PREFERENCE_MODEL, PreferenceModel.of(c -> 0.5))
        .with(StandardOptions.LEADER_KL, LEADER_KL)
        .with(StandardOptions.FOLLOWER_KL, FOLLOWER_KL)
        .with(StandardOptions.TIMESCALE_RATIO, RATIO);
  }

  private static <T> SlhfOptions with(Options options, Option<T> option, T value) {
    return SlhfOptions.from(options.with(option, value));
  }

  /** The step's gradient, expected over all answers of n leader's and m follower's samples. */
  private static double[] expected(SlhfOptions options) {
    int n = options.common().samplesPerPrompt();
    int m = options.followerSamples();
    StackelbergGda algorithm = new StackelbergGda(options);
    double[] expected = new double[GAME.parameters.length];
    double[] total = new double[1];
    GAME.forEach(
        n + n * m,
        answers -> {
          Outcome outcome = new Outcome(options, answers, n, m);
          double probability = Math.exp(outcome.logProb());
          total[0] += probability;
          List<MoveGradient> gradients = algorithm.gradient(outcome.play(), outcome.scores);
          for (int i = 0; i < answers.length; i++) {
            double coefficient = gradients.get(i).coefficients()[0];
            GAME.addScore(expected, outcome.row(i), answers[i], probability * coefficient);
          }
        });
    assertArrayEquals(new double[] {1}, total, 1e-12);
    return expected;
  }

  /** One combination of answers. */
  private static final class Outcome {
    private final int[] answers;
    private final int n;
    private final int m;
    private final List<Move> moves = new ArrayList<>();
    private final List<LogProbs> scores = new ArrayList<>();
    private final List<LogProbs> references = new ArrayList<>();

    Outcome(SlhfOptions options, int[] answers, int n, int m) {
      this.answers = answers.clone();
      this.n = n;
      this.m = m;
      boolean alone = options.followerReference() == FollowerReference.LEADER_PROMPT;
      for (int i = 0; i < answers.length; i++) {
        moves.add(
            Move.of(
                i < n ? StackelbergGda.LEADER : StackelbergGda.FOLLOWER,
                EnumeratedGame.sample(answers[i])));
        scores.add(GAME.score(GAME.parameters, row(i), answers[i]));
        references.add(GAME.score(GAME.references, alone ? 0 : row(i), answers[i]));
      }
    }

    /** Follower's samples come after the leader's, m to each. */
    private int leader(int move) {
      return (move - n) / m;
    }

    int row(int move) {
      return move < n ? 0 : GAME.row(answers[leader(move)]);
    }

    double logProb() {
      return scores.stream().mapToDouble(LogProbs::sum).sum();
    }

    Play play() {
      List<Contest> contests = new ArrayList<>();
      List<Double> preferences = new ArrayList<>();
      for (int i = n; i < answers.length; i++) {
        contests.add(new Contest(leader(i), i));
        preferences.add(GAME.preference[answers[leader(i)]][answers[i]]);
      }
      return new Play(moves, contests, preferences, List.of(), references);
    }
  }

  /** E_ω[p(y ≻ ·)], or with the follower's KL term what the game pays. */
  private static double payoff(int answer, LeaderPayoff payoff, int referenceRow) {
    int row = GAME.row(answer);
    double[] follower = GAME.probabilities(GAME.parameters, row);
    double sum = 0;
    for (int k = 0; k < follower.length; k++) {
      sum += follower[k] * GAME.preference[answer][k];
    }
    double kl = GAME.divergence(GAME.parameters, row, GAME.references, referenceRow);
    return payoff == LeaderPayoff.GAME ? sum + FOLLOWER_KL * kl : sum;
  }

  private static double leaderPreference(double[] parameters, SlhfOptions options) {
    boolean alone = options.followerReference() == FollowerReference.LEADER_PROMPT;
    double[] leader = GAME.probabilities(parameters, 0);
    double sum = 0;
    for (int y = 0; y < leader.length; y++) {
      sum += leader[y] * payoff(y, options.leaderPayoff(), alone ? 0 : GAME.row(y));
    }
    return sum;
  }

  private static double followerLoss(double[] parameters, SlhfOptions options) {
    boolean alone = options.followerReference() == FollowerReference.LEADER_PROMPT;
    double[] leader = GAME.probabilities(GAME.parameters, 0);
    double sum = 0;
    for (int y = 0; y < leader.length; y++) {
      double[] follower = GAME.probabilities(parameters, GAME.row(y));
      double kl =
          GAME.divergence(parameters, GAME.row(y), GAME.references, alone ? 0 : GAME.row(y));
      double loss = FOLLOWER_KL * kl;
      for (int k = 0; k < follower.length; k++) {
        loss -= follower[k] * (1 - GAME.preference[y][k]);
      }
      sum += leader[y] * loss;
    }
    return RATIO * sum;
  }

  private static void assertUnbiased(SlhfOptions options) {
    double[] exact =
        GAME.differences(
            theta ->
                LEADER_KL * GAME.divergence(theta, 0, GAME.references, 0)
                    - leaderPreference(theta, options)
                    + followerLoss(theta, options));
    assertArrayEquals(exact, expected(options), TOLERANCE);
    assertTrue(exact[0] * exact[0] > 1e-6);
  }

  @Test
  void theStepIsTheGradientOfBothPlayersObjectives() {
    assertUnbiased(SlhfOptions.from(options()));
  }

  @Test
  void creditMakesNoDifferenceToOneToken() {
    assertUnbiased(with(options(), StandardOptions.KL_CREDIT, KlCredit.TO_GO));
  }

  @Test
  void theFollowersKlMayBeAgainstTheLeadersReference() {
    assertUnbiased(with(options(), SlhfEngine.FOLLOWER_REFERENCE, FollowerReference.LEADER_PROMPT));
  }

  @Test
  void theGamesPayoffHasTheFollowersKl() {
    assertUnbiased(with(options(), SlhfEngine.LEADER_PAYOFF, LeaderPayoff.GAME));
    assertUnbiased(
        with(
            options().with(SlhfEngine.FOLLOWER_REFERENCE, FollowerReference.LEADER_PROMPT),
            SlhfEngine.LEADER_PAYOFF,
            LeaderPayoff.GAME));
  }

  /** Every number of samples and either baseline expect the same. */
  @Test
  void samplesAndBaselinesDoNotChangeTheExpectation() {
    for (LeaderPayoff payoff : LeaderPayoff.values()) {
      Options options = options().with(SlhfEngine.LEADER_PAYOFF, payoff);
      assertUnbiased(with(options, SlhfEngine.FOLLOWER_SAMPLES, 2));
      Options two = options.with(StandardOptions.SAMPLES_PER_PROMPT, 2);
      assertUnbiased(SlhfOptions.from(two));
      Options leaveOneOut = two.with(StandardOptions.BASELINE, Baseline.LEAVE_ONE_OUT);
      assertUnbiased(SlhfOptions.from(leaveOneOut));
      assertUnbiased(with(leaveOneOut, SlhfEngine.FOLLOWER_SAMPLES, 2));
    }
  }

  @Test
  void estimatorsExpectWhatTheirDocumentationSays() {
    SlhfOptions k2 = with(options(), StandardOptions.KL_ESTIMATOR, KlEstimator.K2);
    SlhfOptions k3 = with(options(), StandardOptions.KL_ESTIMATOR, KlEstimator.K3);
    assertLeader(k2, theta -> halfSquare(theta) - forward(theta));
    assertLeader(k3, theta -> forward(theta) - GAME.divergence(GAME.references, 0, theta, 0));
    SlhfOptions k1 = SlhfOptions.from(options());
    assertLeader(k1, ExpectedGradientTest::forward);
  }

  private static double forward(double[] theta) {
    return GAME.divergence(theta, 0, GAME.references, 0);
  }

  /** E_π[lr²] / 2. */
  private static double halfSquare(double[] theta) {
    double[] own = GAME.logProbs(theta, 0);
    double[] reference = GAME.logProbs(GAME.references, 0);
    double sum = 0;
    for (int k = 0; k < own.length; k++) {
      sum += Math.exp(own[k]) * (own[k] - reference[k]) * (own[k] - reference[k]) / 2;
    }
    return sum;
  }

  private static void assertLeader(SlhfOptions options, ToDoubleFunction<double[]> term) {
    double[] exact =
        GAME.differences(
            theta -> LEADER_KL * term.applyAsDouble(theta) - leaderPreference(theta, options));
    double[] expected = expected(options);
    for (int k = 0; k < GAME.size(); k++) {
      assertArrayEquals(new double[] {exact[k]}, new double[] {expected[k]}, TOLERANCE);
    }
  }

  /** Leaving one out has less variance where payoffs are far from ½. */
  @Test
  void leavingOneOutCentresTheAdvantages() {
    Options two = options().with(StandardOptions.SAMPLES_PER_PROMPT, 2);
    SlhfOptions options = with(two, StandardOptions.BASELINE, Baseline.LEAVE_ONE_OUT);
    Outcome outcome = new Outcome(options, new int[] {0, 1, 2, 2}, 2, 1);
    List<MoveGradient> gradients =
        new StackelbergGda(options).gradient(outcome.play(), outcome.scores);
    double first = GAME.preference[0][2];
    double second = GAME.preference[1][2];
    double[] advantages = gradients.stream().mapToDouble(MoveGradient::advantage).toArray();
    assertArrayEquals(
        new double[] {first - second, second - first, second - first, first - second},
        advantages,
        1e-12);
  }
}
