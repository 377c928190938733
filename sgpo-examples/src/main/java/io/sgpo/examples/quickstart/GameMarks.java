package io.sgpo.examples.quickstart;

import io.sgpo.policy.Policy;
import io.sgpo.policy.Sampling;
import io.sgpo.solvers.stats.WinRate;
import java.util.Map;

/**
 * What was measured of one policy as leader and follower in one trial, on the test prompts under
 * the cyclic preference. The follower improves the leader's answers, and those of the starting
 * model.
 *
 * @param leader win rate of the leader's answers over the starting model's
 * @param follower of the follower's answers over the starting model's
 * @param followerOverLeader of the follower's answers over those it improved
 * @param refinement of the improved answers of the starting model over these answers
 * @param leaderKl KL(π ‖ start) per answer, in nats
 * @param followerKl the same of the follower, given the leader's answer
 * @param leaderTones the share of each tone among the leader's answers
 * @param followerTones after each tone of the leader, the shares of the follower's tones
 */
record GameMarks(
    WinRate leader,
    WinRate follower,
    WinRate followerOverLeader,
    WinRate refinement,
    Estimate leaderKl,
    Estimate followerKl,
    Map<Tone, Double> leaderTones,
    Map<Tone, Map<Tone, Double>> followerTones) {

  /** Measures a policy in both roles. */
  static GameMarks of(Policy policy, Policy start, Trial trial) {
    Answers given = Answers.of(trial.startAnswers());
    Answers leader = Answers.of(policy.sample(trial.split().test(), trial.testSampling("leader")));
    Sampling improving = trial.testSampling("follower");
    Answers follower = leader.improvedBy(policy, improving);
    Answers refined = given.improvedBy(policy, improving);
    return new GameMarks(
        winRate(leader, given, trial),
        winRate(follower, given, trial),
        winRate(follower, leader, trial),
        winRate(refined, given, trial),
        Estimate.of(leader.logRatios(start)),
        Estimate.of(follower.logRatios(start)),
        leader.tones(),
        follower.tonesAfter(leader));
  }

  private static WinRate winRate(Answers answers, Answers others, Trial trial) {
    return answers.winRate(others, CyclicPreference::probability, trial.seed());
  }
}
