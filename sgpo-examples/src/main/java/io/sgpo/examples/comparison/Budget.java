package io.sgpo.examples.comparison;

/**
 * What every method may spend, and the settings they share.
 *
 * @param demonstrationSteps steps on chosen answers that make the start
 * @param rewardEpochs passes over all pairs that make the judge
 * @param seeds labelled pairs
 * @param warmStart steps on them before the first round
 * @param rounds of new prompts
 * @param roundPrompts new prompts of a round
 * @param stepsPerRound training steps of a round
 * @param batch pairs or prompts per step
 * @param newTokens limit on an answer
 * @param rate learning rate
 * @param beta of the implicit reward
 * @param kl weight of the KL term of the methods that learn from the judge
 * @param test prompts that measure
 */
record Budget(
    int demonstrationSteps,
    int rewardEpochs,
    int seeds,
    int warmStart,
    int rounds,
    int roundPrompts,
    int stepsPerRound,
    int batch,
    int newTokens,
    double rate,
    double beta,
    double kl,
    int test) {

  static final Budget FULL = new Budget(150, 4, 200, 30, 3, 100, 30, 16, 40, 1e-4, 0.1, 0.02, 100);

  /** To try the program out. */
  static final Budget QUICK = new Budget(2, 1, 32, 2, 2, 16, 2, 8, 8, 2e-4, 0.1, 0.02, 8);

  /** The steps of every method but the short one. */
  int steps() {
    return warmStart + rounds * stepsPerRound;
  }
}
