package io.sgpo.solvers.game;

import io.sgpo.policy.Streams;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Shows a solver the preferences as its {@link Feedback} allows, and counts what it asked for. An
 * estimate is unbiased for p up to a constant, which no simplex step depends on; it is valid until
 * the next one.
 */
abstract class PreferenceOracle {
  final PreferenceGame game;
  private long evaluations;
  private long queries;

  PreferenceOracle(PreferenceGame game) {
    this.game = game;
  }

  static PreferenceOracle of(PreferenceGame game, Feedback feedback) {
    if (feedback instanceof Feedback.Sampled sampled) {
      return new SampledOracle(game, sampled);
    }
    if (feedback instanceof Feedback.Noisy noisy) {
      return new NoisyOracle(game, noisy);
    }
    return new FullOracle(game);
  }

  /** An estimate of p(y ≻ y') in row y and column y', for players who stand at π and ω. */
  double[][] estimate(double[] leader, Mixture[] rows) {
    double[][] estimate = draw(evaluations, leader, rows);
    evaluations++;
    queries += queriesPerEstimate();
    return estimate;
  }

  abstract double[][] draw(long evaluation, double[] leader, Mixture[] rows);

  long queriesPerEstimate() {
    return StackelbergEquilibrium.pairs(game.size());
  }

  long evaluations() {
    return evaluations;
  }

  long queries() {
    return queries;
  }

  private static final class FullOracle extends PreferenceOracle {
    private final double[][] matrix;

    FullOracle(PreferenceGame game) {
      super(game);
      matrix = game.toArray();
    }

    @Override
    double[][] draw(long evaluation, double[] leader, Mixture[] rows) {
      return matrix;
    }
  }

  private static final class NoisyOracle extends PreferenceOracle {
    private final Feedback.Noisy feedback;
    private final double[][] estimate;

    NoisyOracle(PreferenceGame game, Feedback.Noisy feedback) {
      super(game);
      this.feedback = feedback;
      this.estimate = new double[game.size()][game.size()];
    }

    @Override
    double[][] draw(long evaluation, double[] leader, Mixture[] rows) {
      SplittableRandom random = Streams.of(feedback.seed(), "game-noise", evaluation);
      for (int y = 0; y < estimate.length; y++) {
        for (int other = 0; other < y; other++) {
          double noise = feedback.deviation() * random.nextGaussian();
          estimate[y][other] = game.preference(y, other) + noise;
          estimate[other][y] = game.preference(other, y) - noise;
        }
        estimate[y][y] = 0.5;
      }
      return estimate;
    }
  }

  private static final class SampledOracle extends PreferenceOracle {
    private final Feedback.Sampled feedback;
    private final double[][] estimate;

    SampledOracle(PreferenceGame game, Feedback.Sampled feedback) {
      super(game);
      this.feedback = feedback;
      this.estimate = new double[game.size()][game.size()];
    }

    @Override
    long queriesPerEstimate() {
      return feedback.pairs();
    }

    @Override
    double[][] draw(long evaluation, double[] leader, Mixture[] rows) {
      SplittableRandom random = Streams.of(feedback.seed(), "game-votes", evaluation);
      for (double[] row : estimate) {
        Arrays.fill(row, 0);
      }
      for (int pair = 0; pair < feedback.pairs(); pair++) {
        int y = Distribution.draw(leader, random);
        int other = Distribution.draw(rows[y].probabilities, random);
        double vote = random.nextDouble() < game.preference(y, other) ? 1 : 0;
        double chance = leader[y] * rows[y].probabilities[other];
        // E[ 1{(y,y') drawn} (vote − ½) / (π(y) ω(y'|y)) ] = p(y ≻ y') − ½
        estimate[y][other] += (vote - 0.5) / (chance * feedback.pairs());
      }
      return estimate;
    }
  }
}
