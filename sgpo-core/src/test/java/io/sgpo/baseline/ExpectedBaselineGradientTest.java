package io.sgpo.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Exchange;
import io.sgpo.judge.RewardFunction;
import io.sgpo.onpolicy.Contest;
import io.sgpo.onpolicy.EnumeratedGame;
import io.sgpo.onpolicy.Move;
import io.sgpo.onpolicy.MoveGradient;
import io.sgpo.onpolicy.OnPolicyAlgorithm;
import io.sgpo.onpolicy.Play;
import io.sgpo.policy.LogProbs;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * What a step of RLOO or Nash-MD expects, summed over all answers, against finite differences of τ
 * KL(π ‖ π_ref) − E[payoff], the opponent held fixed.
 */
class ExpectedBaselineGradientTest {

  private static final double TAU = 0.3;
  private static final double MIXTURE = 0.4;
  private static final EnumeratedGame GAME = EnumeratedGame.random(3, 5);
  private static final double[] REWARDS = {0.4, -1.3, 2.2};

  /** A judge with rewards. */
  private static final class Judge implements PreferenceModel, RewardFunction {
    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
      return comparisons.stream().map(any -> Verdict.of(0.5)).toList();
    }

    @Override
    public double[] scores(List<Exchange> exchanges) {
      return new double[exchanges.size()];
    }
  }

  private static Options options(int samples) {
    return Options.none()
        .with(
            StandardOptions.POLICY,
            TabularPolicy.uniform(List.of(EnumeratedGame.PROMPT), List.of("0", "1", "2")))
        .with(StandardOptions.PROMPTS, List.of(EnumeratedGame.PROMPT))
        .with(StandardOptions.PREFERENCE_MODEL, new Judge())
        .with(StandardOptions.LEADER_KL, TAU)
        .with(StandardOptions.SAMPLES_PER_PROMPT, samples);
  }

  /** τ KL(π ‖ π_ref) less the expected payoff of each answer. */
  private static double[] exact(double[] payoffs) {
    ToDoubleFunction<double[]> objective =
        theta -> {
          double[] own = GAME.probabilities(theta, 0);
          double value = TAU * GAME.divergence(theta, 0, GAME.references, 0);
          for (int k = 0; k < own.length; k++) {
            value -= own[k] * payoffs[k];
          }
          return value;
        };
    return GAME.differences(objective);
  }

  /** p(· ≻ opponent). */
  private static double[] against(double[] opponent) {
    double[] payoffs = new double[opponent.length];
    for (int i = 0; i < payoffs.length; i++) {
      for (int j = 0; j < payoffs.length; j++) {
        payoffs[i] += opponent[j] * GAME.preference[i][j];
      }
    }
    return payoffs;
  }

  /** The gradient expected over the trained answers; opponents follow them and have no score. */
  private static double[] expected(
      OnPolicyAlgorithm algorithm, int own, int others, double[] opponent, List<Contest> contests) {
    double[] expected = new double[GAME.parameters.length];
    GAME.forEach(
        own + others,
        answers -> {
          List<Move> moves = new ArrayList<>();
          List<LogProbs> scores = new ArrayList<>();
          List<LogProbs> references = new ArrayList<>();
          double probability = 1;
          for (int i = 0; i < answers.length; i++) {
            boolean trained = i < own;
            Move move =
                Move.of(trained ? Rloo.POLICY : NashMd.OPPONENT, EnumeratedGame.sample(answers[i]));
            moves.add(trained ? move : move.untrained());
            LogProbs score = GAME.score(GAME.parameters, 0, answers[i]);
            scores.add(trained ? score : LogProbs.of());
            references.add(trained ? GAME.score(GAME.references, 0, answers[i]) : LogProbs.of());
            probability *= trained ? Math.exp(score.sum()) : opponent[answers[i]];
          }
          List<Double> preferences =
              contests.stream()
                  .map(c -> GAME.preference[answers[c.first()]][answers[c.second()]])
                  .toList();
          List<Double> rewards = new ArrayList<>();
          for (int answer : answers) {
            rewards.add(REWARDS[answer]);
          }
          Play play = new Play(moves, contests, preferences, rewards, references);
          List<MoveGradient> gradients = algorithm.gradient(play, scores);
          for (int i = 0; i < own; i++) {
            double coefficient = gradients.get(i).coefficients()[0];
            GAME.addScore(expected, 0, answers[i], probability * coefficient);
          }
        });
    return expected;
  }

  private static List<Contest> allPairs(int n) {
    List<Contest> contests = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        contests.add(new Contest(i, j));
      }
    }
    return contests;
  }

  /** The published baseline would make the preference's part n / (n − 1) times as large. */
  @Test
  void rlooIsTheGradientAgainstItself() {
    double[] exact = exact(against(GAME.probabilities(GAME.parameters, 0)));
    assertTrue(Math.abs(exact[0]) > 1e-3);
    for (int n = 2; n <= 4; n++) {
      Rloo algorithm = new Rloo(RlooOptions.from(options(n)));
      double[] expected = expected(algorithm, n, 0, new double[0], allPairs(n));
      assertArrayEquals(exact, expected, 1e-8);
    }
  }

  @Test
  void rlooIsTheGradientOfTheReward() {
    for (int n = 2; n <= 3; n++) {
      Options scalar = options(n).with(RlooEngine.REWARD, RlooReward.SCALAR);
      Rloo algorithm = new Rloo(RlooOptions.from(scalar));
      double[] expected = expected(algorithm, n, 0, new double[0], List.of());
      assertArrayEquals(exact(REWARDS), expected, 1e-8);
    }
  }

  @Test
  void nashMdIsTheGradientAgainstTheMixture() {
    double[] mixed = new double[GAME.parameters.length];
    for (int k = 0; k < mixed.length; k++) {
      mixed[k] = (1 - MIXTURE) * GAME.parameters[k] + MIXTURE * GAME.references[k];
    }
    double[] opponent = GAME.probabilities(mixed, 0);
    double[] exact = exact(against(opponent));
    for (int n = 1; n <= 2; n++) {
      for (Baseline baseline : Baseline.values()) {
        if (n == 1 && baseline == Baseline.LEAVE_ONE_OUT) {
          continue;
        }
        NashMd algorithm =
            new NashMd(
                NashMdOptions.from(
                    options(n)
                        .with(NashMdEngine.MIXTURE, MIXTURE)
                        .with(StandardOptions.BASELINE, baseline)));
        List<Contest> contests = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          contests.add(new Contest(i, n + i));
        }
        assertArrayEquals(exact, expected(algorithm, n, n, opponent, contests), 1e-8);
      }
    }
  }
}
