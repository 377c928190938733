package io.sgpo.baseline;

import io.sgpo.dialogue.Prompt;
import io.sgpo.judge.RewardFunction;
import io.sgpo.onpolicy.Advantages;
import io.sgpo.onpolicy.Contest;
import io.sgpo.onpolicy.Draw;
import io.sgpo.onpolicy.Move;
import io.sgpo.onpolicy.MoveGradient;
import io.sgpo.onpolicy.OnPolicyAlgorithm;
import io.sgpo.onpolicy.Play;
import io.sgpo.onpolicy.Player;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * RLOO: an answer's advantage is its reward, less τ times its log-ratio, less the mean of that over
 * the other answers (arXiv 2402.14740).
 */
final class Rloo implements OnPolicyAlgorithm {

  // The mean preference r_i of answer i is part of what the other answers are paid: Σ r = n/2, so
  // r_i − mean of the others = n/(n−1) (r_i − ½), an estimate that is n/(n−1) times the gradient.
  // Among themselves, without i, the others' mean preference is ½ exactly. So that is the baseline
  // of preferences, and what is left out for the KL term and for rewards is as published.

  static final Player POLICY = Player.of("policy.");

  private static final double HALF = 0.5;

  private final RlooOptions options;

  Rloo(RlooOptions options) {
    this.options = options;
  }

  @Override
  public List<String> warnings() {
    return options.kl() == 0 ? List.of(MISSING_KL) : List.of();
  }

  static final String MISSING_KL =
      "leaderKl should be > 0, but was 0: nothing keeps the policy near its reference";

  @Override
  public Optional<RewardFunction> rewards() {
    return options.reward() == RlooReward.SCALAR
            && options.common().judge() instanceof RewardFunction function
        ? Optional.of(function)
        : Optional.empty();
  }

  @Override
  public List<Draw> draw(int step, List<Prompt> prompts, FrozenPolicy reference) {
    int n = options.common().samplesPerPrompt();
    List<List<Sample>> samples =
        options.common().policy().sample(prompts, options.common().sampling("policy", step, n));
    List<Draw> draws = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      List<Move> moves = samples.get(i).stream().map(sample -> Move.of(POLICY, sample)).toList();
      draws.add(new Draw(prompts.get(i), moves, contests(n)));
    }
    return draws;
  }

  private static List<Contest> contests(int n) {
    List<Contest> contests = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        contests.add(new Contest(i, j));
      }
    }
    return contests;
  }

  @Override
  public List<MoveGradient> gradient(Play play, List<LogProbs> scores) {
    int n = play.moves().size();
    double[] rest = new double[n];
    double[] preference = new double[n];
    for (int i = 0; i < n; i++) {
      double charge =
          options.kl() * (scores.get(i).sum() - play.references().get(i).sum())
              + options.common().penalty(play.moves().get(i));
      boolean scalar = options.reward() == RlooReward.SCALAR;
      rest[i] = (scalar ? play.rewards().get(i) : 0) - charge;
      preference[i] = scalar ? 0 : play.meanPreference(i) - HALF;
    }
    List<MoveGradient> gradients = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double advantage = preference[i] + rest[i] - (n == 1 ? 0 : Advantages.meanOfOthers(rest, i));
      double[] coefficients = new double[scores.get(i).size()];
      Arrays.fill(coefficients, -advantage / n);
      gradients.add(new MoveGradient(coefficients, advantage));
    }
    return gradients;
  }
}
