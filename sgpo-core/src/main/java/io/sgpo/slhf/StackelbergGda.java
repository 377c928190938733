package io.sgpo.slhf;

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
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.run.Metrics;
import io.sgpo.spi.StandardOptions.KlEstimator;
import io.sgpo.train.ScoreFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * StackelbergGDA (arXiv 2512.16626): the leader answers a prompt n times, the follower answers what
 * it sees m times, and each of its answers is compared with the one it saw.
 *
 * <p>A leader's answer is paid its mean preference over the m, a follower's answer one minus the
 * preference for what it saw. The step's gradient is the mean over prompts of the mean over the
 * leader's answers plus κ times the mean over the follower's.
 */
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
    if (options.klEstimator() != KlEstimator.K1) {
      warnings.add(
          "klEstimator should be K1, but was "
              + options.klEstimator()
              + ", whose expectation in a policy gradient is not the KL's gradient");
    }
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

  /** κ, where the follower has weights of its own: there AdamW undoes a factor of the loss. */
  @Override
  public double followerRate() {
    return common.policy().hasFollowerWeights() ? options.timescaleRatio() : 1;
  }

  private double followerScale() {
    return common.policy().hasFollowerWeights() ? 1 : options.timescaleRatio();
  }

  @Override
  public List<Draw> draw(int step, List<Prompt> prompts, FrozenPolicy reference) {
    int n = common.samplesPerPrompt();
    Sampling leaderSampling = common.sampling("leader", step, n).withRole(PolicyRole.LEADER);
    Sampling followerSampling =
        common.sampling("follower", step, options.followerSamples()).withRole(PolicyRole.FOLLOWER);
    List<List<Sample>> leaders;
    List<List<Sample>> followers;
    try (SamplingSession session = common.policy().session()) {
      leaders = session.sample(prompts, leaderSampling);
      followers = session.sample(followUps(prompts, leaders), followerSampling);
    }
    boolean leaderMoves = (step + 1) % options.leaderEvery() == 0;
    List<Draw> draws = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      List<List<Sample>> ofPrompt = followers.subList(i * n, (i + 1) * n);
      draws.add(draw(prompts.get(i), leaders.get(i), ofPrompt, leaderMoves));
    }
    return draws;
  }

  private List<Prompt> followUps(List<Prompt> prompts, List<List<Sample>> leaders) {
    List<Prompt> followUps = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      for (Sample leader : leaders.get(i)) {
        String answer = leader.exchange().response().text();
        followUps.add(prompts.get(i).followUp(answer, options.improveInstruction()));
      }
    }
    return followUps;
  }

  private Draw draw(
      Prompt prompt, List<Sample> leaders, List<List<Sample>> followers, boolean leaderMoves) {
    List<Move> moves = new ArrayList<>();
    for (Sample leader : leaders) {
      Move move = Move.of(LEADER, leader);
      moves.add(leaderMoves ? move : move.untrained());
    }
    List<Contest> contests = new ArrayList<>();
    for (int i = 0; i < leaders.size(); i++) {
      for (Sample follower : followers.get(i)) {
        contests.add(new Contest(i, moves.size()));
        moves.add(followerMove(prompt, follower));
      }
    }
    return new Draw(prompt, moves, contests);
  }

  private Move followerMove(Prompt prompt, Sample sample) {
    return switch (options.followerReference()) {
      case FOLLOWER_PROMPT -> Move.of(FOLLOWER, sample);
      case LEADER_PROMPT -> new Move(FOLLOWER, sample, prompt, PolicyRole.LEADER, true);
    };
  }

  @Override
  public List<MoveGradient> gradient(Play play, List<LogProbs> scores) {
    List<Integer> leaders = play.trained(LEADER);
    List<Integer> followers = play.trained(FOLLOWER);
    double[] ofLeaders =
        Advantages.of(
            options.baseline(),
            leaders.stream().mapToDouble(i -> leaderPayoff(play, scores, i)).toArray());
    double[] ofFollowers = followerAdvantages(play, followers);
    List<MoveGradient> gradients = new ArrayList<>();
    for (int k = 0; k < ofLeaders.length; k++) {
      double scale = 1.0 / ofLeaders.length;
      gradients.add(
          gradient(play, scores, leaders.get(k), ofLeaders[k], options.leaderKl(), scale));
    }
    for (int k = 0; k < ofFollowers.length; k++) {
      double scale = followerScale() / ofFollowers.length;
      gradients.add(
          gradient(play, scores, followers.get(k), ofFollowers[k], options.followerKl(), scale));
    }
    return gradients;
  }

  private MoveGradient gradient(
      Play play, List<LogProbs> scores, int move, double advantage, double tau, double scale) {
    ScoreFunction function = new ScoreFunction(tau, options.klEstimator(), options.klCredit());
    return new MoveGradient(
        function.coefficients(scores.get(move), play.references().get(move), advantage, scale),
        advantage);
  }

  private double leaderPayoff(Play play, List<LogProbs> scores, int leader) {
    double preference = play.meanPreference(leader) - common.penalty(play.moves().get(leader));
    return switch (options.leaderPayoff()) {
      case PREFERENCE -> preference;
      case GAME -> preference + options.followerKl() * followerRatio(play, scores, leader);
    };
  }

  /** The mean of log ω(y' | x, y) − log ω_ref over the answers to a leader's. */
  private static double followerRatio(Play play, List<LogProbs> scores, int leader) {
    return play.opponents(leader).stream()
        .mapToDouble(k -> scores.get(k).sum() - play.references().get(k).sum())
        .average()
        .orElseThrow();
  }

  /**
   * Left out of the baseline is the answer itself: the others are those to the same follower's
   * prompt, or if there are none, all other answers of the follower on the prompt.
   */
  private double[] followerAdvantages(Play play, List<Integer> followers) {
    double[] payoffs = followers.stream().mapToDouble(k -> followerPayoff(play, k)).toArray();
    double[] amongAll = Advantages.of(options.baseline(), payoffs);
    double[] advantages = new double[payoffs.length];
    for (int k = 0; k < advantages.length; k++) {
      int leader = play.opponents(followers.get(k)).get(0);
      List<Integer> peers = play.opponents(leader);
      double[] ofPeers = peers.stream().mapToDouble(peer -> followerPayoff(play, peer)).toArray();
      advantages[k] =
          peers.size() < 2
              ? amongAll[k]
              : Advantages.of(options.baseline(), ofPeers)[peers.indexOf(followers.get(k))];
    }
    return advantages;
  }

  private double followerPayoff(Play play, int follower) {
    return play.meanPreference(follower) - common.penalty(play.moves().get(follower));
  }
}
