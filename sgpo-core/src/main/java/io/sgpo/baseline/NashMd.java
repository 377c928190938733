package io.sgpo.baseline;

import io.sgpo.dialogue.Prompt;
import io.sgpo.onpolicy.Advantages;
import io.sgpo.onpolicy.Contest;
import io.sgpo.onpolicy.Draw;
import io.sgpo.onpolicy.Move;
import io.sgpo.onpolicy.MoveGradient;
import io.sgpo.onpolicy.OnPolicyAlgorithm;
import io.sgpo.onpolicy.OnPolicyOptions;
import io.sgpo.onpolicy.Play;
import io.sgpo.onpolicy.Player;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.spi.StandardOptions.KlEstimator;
import io.sgpo.train.ScoreFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * Nash-MD-PG: E[∇ log π(y) (p(y ≻ y') − ½ − τ log π(y)/π_ref(y))], y' from the mixture (arXiv
 * 2312.00886). Every answer has an opponent of its own.
 */
final class NashMd implements OnPolicyAlgorithm {

  static final Player POLICY = Player.of("policy.");
  static final Player OPPONENT = Player.of("opponent.");

  private final NashMdOptions options;
  private final OnPolicyOptions common;

  NashMd(NashMdOptions options) {
    this.options = options;
    this.common = options.common();
  }

  @Override
  public List<String> warnings() {
    return options.kl() == 0 ? List.of(Rloo.MISSING_KL) : List.of();
  }

  @Override
  public List<Draw> draw(int step, List<Prompt> prompts, FrozenPolicy reference) {
    int n = common.samplesPerPrompt();
    List<List<Sample>> own = common.policy().sample(prompts, common.sampling("policy", step, n));
    List<List<Sample>> opponents =
        common
            .policy()
            .sampleMixture(
                prompts, common.sampling("opponent", step, n), reference, options.mixture());
    List<Draw> draws = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      List<Move> moves = new ArrayList<>();
      own.get(i).forEach(sample -> moves.add(Move.of(POLICY, sample)));
      opponents.get(i).forEach(sample -> moves.add(Move.of(OPPONENT, sample).untrained()));
      draws.add(new Draw(prompts.get(i), moves, contests(n)));
    }
    return draws;
  }

  private static List<Contest> contests(int n) {
    List<Contest> contests = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      contests.add(new Contest(i, n + i));
    }
    return contests;
  }

  @Override
  public List<MoveGradient> gradient(Play play, List<LogProbs> scores) {
    List<Integer> own = play.trained(POLICY);
    double[] advantages =
        Advantages.of(
            options.baseline(),
            own.stream()
                .mapToDouble(i -> play.meanPreference(i) - common.penalty(play.moves().get(i)))
                .toArray());
    ScoreFunction function = new ScoreFunction(options.kl(), KlEstimator.K1, options.klCredit());
    List<MoveGradient> gradients = new ArrayList<>();
    for (int k = 0; k < advantages.length; k++) {
      int move = own.get(k);
      double[] coefficients =
          function.coefficients(
              scores.get(move),
              play.references().get(move),
              advantages[k],
              1.0 / advantages.length);
      gradients.add(new MoveGradient(coefficients, advantages[k]));
    }
    return gradients;
  }
}
