package io.sgpo.slhf;

import io.sgpo.dialogue.Prompt;
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
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.run.Metrics;
import io.sgpo.train.ScoreFunction;
import java.util.ArrayList;
import java.util.List;

/** StackelbergGDA (arXiv 2512.16626): the leader answers, the follower answers what it sees. */
final class StackelbergGda implements OnPolicyAlgorithm {

  static final Player LEADER =
      new Player("slhf.leader-", PolicyRole.LEADER, Metrics.LEADER_PREFERENCE, Metrics.LEADER_KL);
  static final Player FOLLOWER =
      new Player(
          "slhf.follower-", PolicyRole.FOLLOWER, Metrics.FOLLOWER_PREFERENCE, Metrics.FOLLOWER_KL);

  private final SlhfOptions options;
  private final OnPolicyOptions common;

  StackelbergGda(SlhfOptions options) {
    this.options = options;
    this.common = options.common();
  }

  @Override
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    warnOfMissingKl("leaderKl", options.leaderKl(), warnings);
    warnOfMissingKl("followerKl", options.followerKl(), warnings);
    return warnings;
  }

  private static void warnOfMissingKl(String name, double value, List<String> warnings) {
    if (value == 0) {
      warnings.add(
          name
              + " should be > 0, but was 0: the equilibrium need not be unique, and nothing keeps"
              + " the policy near its reference");
    }
  }

  @Override
  public List<Draw> draw(int step, List<Prompt> prompts, FrozenPolicy reference) {
    List<List<Sample>> leaders =
        common.policy().sample(prompts, common.sampling("leader", step, 1));
    List<Prompt> followUps = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      String answer = leaders.get(i).get(0).exchange().response().text();
      followUps.add(prompts.get(i).followUp(answer, options.improveInstruction()));
    }
    List<List<Sample>> followers =
        common.policy().sample(followUps, common.sampling("follower", step, 1));
    List<Draw> draws = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      List<Move> moves =
          List.of(
              Move.of(LEADER, leaders.get(i).get(0)), Move.of(FOLLOWER, followers.get(i).get(0)));
      draws.add(new Draw(prompts.get(i), moves, List.of(new Contest(0, 1))));
    }
    return draws;
  }

  /** Leader plus κ times follower: P = 1 − p(y ≻ y') for the follower. */
  @Override
  public List<MoveGradient> gradient(Play play, List<LogProbs> scores) {
    double leader = leaderPayoff(play, scores) - 0.5;
    double follower = play.meanPreference(1) - 0.5;
    return List.of(
        gradient(play, scores, 0, leader, options.leaderKl(), 1),
        gradient(play, scores, 1, follower, options.followerKl(), options.timescaleRatio()));
  }

  private MoveGradient gradient(
      Play play, List<LogProbs> scores, int move, double advantage, double tau, double scale) {
    ScoreFunction function = new ScoreFunction(tau, options.klEstimator(), options.klCredit());
    return new MoveGradient(
        function.coefficients(scores.get(move), play.references().get(move), advantage, scale),
        advantage);
  }

  private double leaderPayoff(Play play, List<LogProbs> scores) {
    return switch (options.leaderPayoff()) {
      case PREFERENCE -> play.meanPreference(0);
      case GAME ->
          play.meanPreference(0)
              + options.followerKl() * (scores.get(1).sum() - play.references().get(1).sum());
    };
  }
}
