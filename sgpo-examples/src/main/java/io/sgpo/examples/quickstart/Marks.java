package io.sgpo.examples.quickstart;

import io.sgpo.policy.Policy;
import io.sgpo.solvers.stats.WinRate;

/**
 * What was measured of one policy in one trial, on the test prompts under the true preference.
 *
 * @param winRate over the starting model's answers; the interval resamples prompts
 * @param preference mean probability that the answer is preferred to the starting model's
 * @param score mean score of the rubric
 * @param kl KL(π ‖ start) per answer, in nats
 */
record Marks(WinRate winRate, double preference, double score, Estimate kl) {

  /** Measures a policy. All policies of a trial answer with the same random numbers. */
  static Marks of(Policy policy, Policy start, Trial trial) {
    Answers answers =
        Answers.of(policy.sample(trial.split().test(), trial.testSampling("answers")));
    Answers opponent = Answers.of(trial.startAnswers());
    return new Marks(
        answers.winRate(opponent, TruePreference::probability, trial.seed()),
        Estimate.of(answers.preferences(opponent, TruePreference::probability)).mean(),
        Estimate.of(answers.scores()).mean(),
        Estimate.of(answers.logRatios(start)));
  }
}
