package io.sgpo.examples.quickstart;

import java.util.Objects;

/**
 * How much is done, and how fast is learned. {@link #standard()} is what the program runs; what of
 * it was tuned, and on which seeds, is told in docs/quickstart.md.
 *
 * @param seeds trials, with the seeds 1, 2, …; at least 2, since intervals are over trials
 * @param maxNewTokens limit on an answer
 * @param pretraining of the starting model
 * @param data of a trial
 * @param training of the DPO family
 * @param game of SLHF
 */
record Settings(
    int seeds, int maxNewTokens, Pretraining pretraining, Data data, Training training, Game game) {

  Settings {
    if (seeds < 2) {
      throw new IllegalArgumentException(
          "seeds must be >= 2, since intervals are over seeds, but was " + seeds);
    }
    Objects.requireNonNull(pretraining, "pretraining");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(game, "game");
  }

  /** The program's settings. */
  static Settings standard() {
    return new Settings(
        4,
        24,
        new Pretraining(64, 2, 4, 20_000, 450, 64, 3e-3),
        new Data(500, 0.25, 300, 300, 4),
        new Training(0.5, 2e-4, 32, 40, 3, 40),
        new Game(150, 64, 5e-4, 0.3, 0.05, 5));
  }

  /** These settings with another number of trials. */
  Settings withSeeds(int value) {
    return new Settings(value, maxNewTokens, pretraining, data, training, game);
  }

  /**
   * Next-word prediction on the corpus, AdamW, cosine schedule with warm-up.
   *
   * @param hiddenSize width of the model
   * @param layers its depth
   * @param heads its attention heads
   * @param conversations size of the corpus
   * @param steps training steps
   * @param batchSize conversations per step
   * @param learningRate at its peak
   */
  record Pretraining(
      int hiddenSize,
      int layers,
      int heads,
      int conversations,
      int steps,
      int batchSize,
      double learningRate) {}

  /**
   * What a trial draws.
   *
   * @param seedPairs prompts of the labelled pairs
   * @param flipShare share of their labels that is flipped
   * @param promptsPerRound new prompts in a round
   * @param testPrompts prompts to measure on
   * @param answersPerPrompt answers drawn to each of them
   */
  record Data(
      int seedPairs,
      double flipShare,
      int promptsPerRound,
      int testPrompts,
      int answersPerPrompt) {}

  /**
   * What the methods of the DPO family share.
   *
   * @param beta β
   * @param learningRate constant
   * @param batchSize pairs per step
   * @param warmStartSteps steps on the seeds
   * @param rounds rounds after them
   * @param stepsPerRound steps of each
   */
  record Training(
      double beta,
      double learningRate,
      int batchSize,
      int warmStartSteps,
      int rounds,
      int stepsPerRound) {

    /** Steps of warm start and rounds together. */
    int allSteps() {
      return warmStartSteps + rounds * stepsPerRound;
    }
  }

  /**
   * StackelbergGDA.
   *
   * @param steps training steps
   * @param batchSize prompts per step
   * @param learningRate the leader's, constant
   * @param leaderKl τ_L
   * @param followerKl τ_F
   * @param timescaleRatio κ
   */
  record Game(
      int steps,
      int batchSize,
      double learningRate,
      double leaderKl,
      double followerKl,
      double timescaleRatio) {}
}
